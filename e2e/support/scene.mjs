// What a test file of browsers shares: one Chromium, and per test a fresh server (the gateway, or
// one that misbehaves) and fresh people, each in a browser context of their own, whose consoles
// must have stayed clean.

import { after, afterEach, before, beforeEach } from 'node:test';

import { chromium } from 'playwright-core';

import { ChatPage } from './chat-page.mjs';
import { Gateway } from './gateway.mjs';
import { chromiumBinary } from './paths.mjs';

/** Chromium; `options` are further ones of Playwright. */
export function launch(options = {}) {
  return chromium.launch({
    executablePath: chromiumBinary(),
    ...options,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--no-first-run',
    ],
  });
}

class Scene {
  #browser;
  #pages = [];
  #later = [];
  #startServer;
  #browserOptions;

  constructor(startServer, browserOptions) {
    this.#startServer = startServer;
    this.#browserOptions = browserOptions;
  }

  async open() {
    this.#browser = await launch(this.#browserOptions);
  }

  async begin() {
    this.gateway = await this.#startServer();
  }

  /** Ends the test's people and servers; fails where a console was not clean. */
  async end() {
    const pages = this.#pages.splice(0);
    const contexts = new Set(pages.map(({ page }) => page.context()));
    for (const context of contexts) await context.close();
    for (const close of this.#later.splice(0)) await close();
    await this.gateway.discard();
    for (const page of pages) page.isClean();
  }

  close() {
    return this.#browser.close();
  }

  /** `close` is called when the test is over. */
  finally(close) {
    this.#later.push(close);
  }

  /** A page of somebody not connected yet; `options` are those of a Playwright context, and `prepare`. */
  async visitor({ prepare, ...options } = {}) {
    const context = await this.#browser.newContext({ locale: 'en-GB', ...options });
    return this.tab(context, prepare);
  }

  /** One more tab in a context; `prepare` is given its page before anything is loaded. */
  async tab(context, prepare) {
    return this.adopt(await ChatPage.open(context, this.gateway.url, prepare));
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

/** The scene of a test file; call it once, at the top. `startServer` gives each test its server. */
export function scene({ startServer = () => Gateway.start(), browser } = {}) {
  const scene = new Scene(startServer, browser);
  before(() => scene.open());
  beforeEach(() => scene.begin());
  afterEach(() => scene.end());
  after(() => scene.close());
  return scene;
}
