// The screens of what happens to the page: it is a demo, it is outdated, its connection or its storage is
// gone, something is still to come. As in ./screens.mjs.

import { GROUP, PEOPLE, WITH_TOMAS } from './story.mjs';

const { MAYA, TOMAS } = PEOPLE;

/**
 * How far a countdown is depends on how long storage took: its numbers are always the same, and no attempt is
 * under way.
 */
export const steady = async ({ page, appears }) => {
  await appears(page.locator('details.status[data-tone=down]'));
  await page.evaluate(() => {
    const texts = document.createTreeWalker(document.querySelector('.banner'), NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replace(/\d+(?= s\b)|(?<=\()\d+/g, '5');
  });
};

/** What the banner says is to be done. */
const way = (page) => page.locator('.banner .button:visible').first();

export const STATES = {
  // Without the app there is little for other lists of screens to look at.
  start: {
    alone: true,
    pictured: true,
    async play({ visit, page, shot }) {
      const held = [];
      await page.route('**/*_bg.wasm', (route) => { held.push(route); });
      const asked = page.waitForRequest('**/*_bg.wasm');
      await visit('', { waitUntil: 'commit' });
      await asked;
      await page.locator('#shell progress').waitFor();
      await shot('shell');
      await Promise.all(held.map((route) => route.abort()));
      await page.locator('#shell button').waitFor();
      await shot('shell-failed');
    },
  },

  demo: {
    alone: true,
    async play({ signIn, open, shot }) {
      await signIn({ isDemo: true });
      await open('lobby');
      await shot('demo');
    },
  },

  update: {
    alone: true,
    async play({ signIn, open, page, pass, shot }) {
      await signIn();
      await open(GROUP);
      // assets/update.js says so where a newer build waits.
      await page.evaluate(() => dispatchEvent(new Event('switchboard-update')));
      await pass(50);
      await shot('update');
    },
  },

  refused: {
    alone: true,
    only: 'offline',
    async play({ signIn, open, page, pass, appears, server, shot }) {
      await signIn();
      await open(GROUP);
      await server.leave({ code: 4403, reason: 'Not for you', refusal: 4403 });
      // It is tried once more.
      await appears(page.locator('.banner[data-tone=stopped]:not([hidden])'));
      await pass(50);
      await shot('refused');
    },
  },

  // What stops the page for good; what leads out of it is pressed, or the next could not come.
  stopped: {
    alone: true,
    only: 'offline',
    async play({ signIn, open, page, pass, appears, server, shot }) {
      await signIn();
      await open(GROUP);
      const stops = async (code) => {
        await server.leave({ code, reason: '', refusal: code });
        await appears(page.locator('.banner[data-tone=stopped]:not([hidden])'));
        await pass(50);
      };
      await stops(4409);
      await shot('replaced');
      server.comeBack();
      await way(page).click();
      await appears(page.locator('.banner[hidden]'));
      await stops(4401);
      await shot('signed-out');
      server.comeBack();
      await way(page).click();
      await appears(page.locator('.connect button[type=submit]'));
      // Until the address leads to where one was.
      await pass(100);
      await page.locator('.connect button[type=submit]').click();
      await appears(page.locator('.chat'));
      await appears(page.locator('details.status[data-tone=up]'));
      await stops(4426);
      await shot('outdated');
    },
  },

  back: {
    alone: true,
    only: 'connected',
    async play({ signIn, open, page, pass, say, appears, server, shot }) {
      await signIn();
      await open(WITH_TOMAS);
      await server.leave();
      await pass(6_000);
      await say('Are you there?');
      server.comeBack();
      await way(page).click();
      await appears(page.locator('details.status[data-tone=up]'));
      for (const text of ['Yes.', 'And it is fixed.']) server.says(TOMAS, WITH_TOMAS, text);
      await appears(page.locator('.quiet-chip[data-tone=up]:not([hidden])'));
      await shot('back');
    },
  },

  storage: {
    alone: true,
    async play({ signIn, open, page, shot }) {
      await page.addInitScript(() => {
        IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };
      });
      await signIn();
      await open(GROUP);
      await shot('storage');
    },
  },

  history: {
    alone: true,
    async play({ signIn, open, page, pass, appears, server, shot }) {
      server.remembers(GROUP, 200);
      await signIn({
        async first() {
          await open(GROUP);
          server.holdsPages = true;
          for (const text of ['One', 'Two']) server.says(TOMAS, GROUP, text, { isLost: true });
          server.says(MAYA, GROUP, 'Three');
          await appears(page.locator('.gap:not([hidden])'));
        },
      });
      await shot('gap');
      await page.locator('#messages').evaluate((list) => list.scrollTo(0, -list.scrollHeight));
      await appears(page.locator('.load:not([hidden])'));
      await pass(200);
      await shot('earlier');
    },
  },

  // Until it is denied the browser can be asked, as on all other screens.
  denied: {
    alone: true,
    async play({ signIn, list, page, appears, shot }) {
      await page.addInitScript(() => Object.defineProperty(Notification, 'permission', { get: () => 'denied' }));
      await signIn();
      await list();
      await page.locator('.sidebar-foot .button[aria-label]').first().click();
      await appears(page.locator('.settings'));
      await shot('settings-denied');
    },
  },
};
