// Where pictures are taken: a browser with pinned fonts, a site that is served from disk under a
// name that exists nowhere, a clock that stands still, and the story's server.

import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

import { chromium } from 'playwright-core';

import { ChatPage } from '../support/chat-page.mjs';
import { chromiumBinary, dist, inRepository } from '../support/paths.mjs';
import { QUIET } from '../support/scene.mjs';
import { StoryServer } from './server.mjs';
import { ME, NOW, ZONE } from './story.mjs';

const SITE = 'https://chat.example';

const phone = { viewport: { width: 390, height: 760 }, isMobile: true, hasTouch: true };
const tablet = { viewport: { width: 820, height: 1100 }, isMobile: true, hasTouch: true };
const desktop = { viewport: { width: 1120, height: 700 } };

/** Those that every pictured act is taken in, unless it names its own. */
export const USUAL = ['desktop-light', 'desktop-dark', 'phone-light', 'phone-dark'];

export const LOOKS = {
  'desktop-light': { ...desktop, colorScheme: 'light' },
  'desktop-dark': { ...desktop, colorScheme: 'dark' },
  'phone-light': { ...phone, colorScheme: 'light' },
  'phone-dark': { ...phone, colorScheme: 'dark' },
  'tablet-light': { ...tablet, colorScheme: 'light' },
  'desktop-contrast': { ...desktop, colorScheme: 'light', contrast: 'more' },
  'phone-contrast': { ...phone, colorScheme: 'dark', contrast: 'more' },
};

export const open = () => chromium.launch({
  executablePath: chromiumBinary(),
  args: [...QUIET, '--font-render-hinting=none', '--disable-lcd-text', '--disable-font-subpixel-positioning', '--force-color-profile=srgb'],
  env: { ...process.env, FONTCONFIG_FILE: inRepository('e2e/look/fonts.conf') },
});

const TYPES = {
  '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.json': 'application/json',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.txt': 'text/plain; charset=utf-8', '.webmanifest': 'application/manifest+json',
};

async function serve(context, folder) {
  await context.route(`${SITE}/**`, async (route) => {
    const path = decodeURIComponent(new URL(route.request().url()).pathname);
    const name = path === '/' ? 'index.html' : path.slice(1);
    try {
      await route.fulfill({ body: await readFile(join(folder, name)), contentType: TYPES[extname(name)] ?? 'application/octet-stream' });
    } catch {
      await route.fulfill({ status: 404, body: '' });
    }
  });
}

/** The same numbers each time, wherever chance is asked; run in the page before its scripts. */
function noChance() {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 48271) >>> 0) % 2147483647;
    return state;
  };
  Math.random = () => next() / 2147483647;
  const chance = crypto.getRandomValues.bind(crypto);
  crypto.getRandomValues = (array) => {
    for (let place = 0; place < array.length; place += 1) array[place] = next() >> 8;
    // By so many Playwright tells the sockets of all pages apart: with the same, one's frames go to another.
    return array.length === 32 ? chance(array) : array;
  };
}

/** How much is stored depends on when Chromium tidies up. Run in the page before its scripts. */
function sameRoom() {
  StorageManager.prototype.estimate = async () => ({ usage: 81_000, quota: 1e9 });
}

/**
 * The demo's worker speaks in real time and never twice the same: in its place, the port it is handed leads to
 * the story's server. Run in the page before its scripts.
 */
function storyAsDemo() {
  globalThis.Worker = class extends EventTarget {
    postMessage(_url, [port]) {
      const socket = new WebSocket(`wss://${location.host}/demo`);
      socket.onopen = () => port.postMessage(null);
      socket.onmessage = ({ data }) => port.postMessage(data);
      socket.onclose = ({ code, wasClean }) => port.postMessage([code, wasClean]);
      port.onmessage = ({ data }) => (typeof data === 'string' ? socket.send(data) : socket.close());
    }
  };
}

/**
 * One person's page, out of `folder`, and the server it talks to, which leaves after they have signed in where it
 * `isOffline`.
 */
export async function stage(browser, { isOffline = false, folder = dist(), ...options } = {}) {
  const context = await browser.newContext({
    locale: 'en-GB', timezoneId: ZONE, reducedMotion: 'reduce', serviceWorkers: 'block', deviceScaleFactor: 1, ...options,
  });
  await serve(context, folder);
  const server = new StoryServer();
  const page = await context.newPage();
  await server.attach(page);
  await page.addInitScript(noChance);
  await page.addInitScript(sameRoom);
  await page.addInitScript(storyAsDemo);
  await page.clock.install({ time: NOW - 3_600_000 });
  await page.clock.pauseAt(NOW);
  const chat = new ChatPage(page);
  /**
   * Time passes; what is drawn once a frame is drawn. In steps, and after each the browser's storage has
   * had its turn: it takes real time, and too late for the app it would be out of order.
   */
  const pass = async (ms) => {
    for (let left = ms; left > 0; left -= 100) {
      await page.clock.runFor(Math.min(left, 100));
      await page.evaluate(() => indexedDB.databases().then(() => {}));
    }
  };
  /**
   * Lets time pass until something is so: storage and frames take real time, animation frames the page's.
   * The page's time is the slower one, or a busy machine's storage would be too late for the app.
   */
  const passUntil = async (probe) => {
    const patience = Date.now() + 40_000;
    while (!(await probe()) && Date.now() < patience) {
      await pass(17);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  const appears = async (locator) => {
    await passUntil(async () => (await locator.count()) > 0);
    await locator.first().waitFor({ state: 'attached', timeout: 2_000 });
  };
  const visit = (hash = '', options = {}) => page.goto(`${SITE}/${hash}`, options);
  const load = async (hash) => {
    await visit(hash);
    await appears(page.locator('.connect, .chat, .gallery'));
    // What the form begins with is read from config.json.
    await passUntil(() => page.evaluate(() => document.querySelector('#url')?.value !== ''));
    await pass(100);
  };
  return {
    chat, page, server, pass, appears, visit, load,
    /** Opens a conversation; nothing has the focus. */
    async open(conversation) {
      await page.evaluate((hash) => {
        document.activeElement.blur();
        location.hash = hash;
      }, `#/c/${encodeURIComponent(conversation)}`);
      await pass(300);
    },
    /** On a phone one pane shows at a time. */
    async list() {
      const back = page.locator('.back');
      if (await back.isVisible()) await back.click();
      await pass(50);
    },
    /** What the person has set, before the page is loaded. */
    choose: (settings) => page.addInitScript((settings) => {
      localStorage.setItem('switchboard.settings', JSON.stringify(settings));
    }, settings),
    /** Writes and sends. */
    async say(text) {
      await page.locator('#message').fill(text);
      await page.locator('.composer .send').click();
      await appears(page.locator('#message:placeholder-shown'));
      await pass(200);
    },
    /**
     * Signs in as the story's person, to their server, an older system's `profile` or the demo; everything that
     * is known is there. `before` is done on the form, `first` as long as there is a connection.
     */
    async signIn({ profile, isDemo = false, before = () => {}, first = () => {} } = {}) {
      await load();
      await page.locator('#user').fill(ME);
      if (profile) await page.locator('#profile').selectOption(profile);
      server.isOlder = Boolean(profile);
      await before();
      await page.locator(isDemo ? '.offer button' : 'form button[type=submit]').click();
      const ready = profile ? 'details.status[data-tone=up]' : 'ul[aria-labelledby=conversations] li:nth-child(5) .row-last bdi:not(:empty)';
      await appears(page.locator(ready));
      await pass(600);
      await first();
      if (!isOffline) return;
      await server.leave();
      await pass(6_000);
    },
    picture: async () => {
      await page.evaluate(() => document.fonts.ready);
      // The inspector's times are to the millisecond, and frames take real ones.
      return page.screenshot({ animations: 'disabled', caret: 'hide', scale: 'css', style: '.frame-time { visibility: hidden }' });
    },
    close: () => context.close(),
  };
}
