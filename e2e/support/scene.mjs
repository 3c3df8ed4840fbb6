// What a test file of browsers shares: one Chromium, and per test a fresh server (the gateway, or
// one that misbehaves) and fresh people, each in a browser context of their own, whose consoles
// must have stayed clean.

import { after, afterEach, before, beforeEach } from 'node:test';

import { chromium } from 'playwright-core';

import { ChatPage } from './chat-page.mjs';
import { Gateway } from './gateway.mjs';
import { chromiumBinary } from './paths.mjs';

/** Words that make Chromium run in a container and mind its own business. */
export const QUIET = [
  '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--no-first-run',
];

export const launch = () => chromium.launch({ executablePath: chromiumBinary(), args: QUIET });

/** Playwright's Chromium, where everybody has a context of their own. */
const ordinaryChromium = () => ({
  open: launch,
  context: (browser, options) => browser.newContext({ locale: 'en-GB', ...options }),
  leave: (pages) => Promise.all([...new Set(pages.map((page) => page.context()))].map((context) => context.close())),
  close: (browser) => browser.close(),
});

class Scene {
  #browser;
  #pages = [];
  #later = [];
  #startServer;
  #chromium;

  constructor(startServer, chromium) {
    this.#startServer = startServer;
    this.#chromium = chromium;
  }

  async open() {
    this.#browser = await this.#chromium.open();
  }

  async begin() {
    this.gateway = await this.#startServer();
  }

  /** Ends the test's people and servers; fails where a console was not clean. */
  async end() {
    const pages = this.#pages.splice(0);
    await this.#chromium.leave(pages.map(({ page }) => page));
    for (const close of this.#later.splice(0)) await close();
    await this.gateway.discard();
    for (const page of pages) page.isClean();
  }

  close() {
    return this.#chromium.close(this.#browser);
  }

  /** `close` is called when the test is over. */
  finally(close) {
    this.#later.push(close);
  }

  /** A page of somebody not connected yet; `options` are those of a Playwright context, `prepare` and `keeps`. */
  async visitor({ prepare, keeps, ...options } = {}) {
    return this.tab(await this.#chromium.context(this.#browser, options), prepare, { keeps });
  }

  /** One more tab in a context; `prepare` is given its page before anything is loaded. */
  async tab(context, prepare, options) {
    return this.adopt(await ChatPage.open(context, this.gateway.url, prepare, options));
  }

  /** A page that came about in another way counts as one of the scene's. */
  adopt(chat) {
    this.#pages.push(chat);
    return chat;
  }

  /** A page of `user`, connected to the gateway. */
  async person(user, options) {
    const chat = await this.visitor(options);
    await chat.signIn({ user });
    return chat;
  }

  /** Several people at once. */
  people(...users) {
    return Promise.all(users.map((user) => this.person(user)));
  }
}

/**
 * The scene of a test file; call it once, at the top. `startServer` gives each test its server,
 * `chromium` opens the browser.
 */
export function scene({ startServer = () => Gateway.start(), chromium = ordinaryChromium() } = {}) {
  const scene = new Scene(startServer, chromium);
  before(() => scene.open());
  beforeEach(() => scene.begin());
  afterEach(() => scene.end());
  after(() => scene.close());
  return scene;
}
