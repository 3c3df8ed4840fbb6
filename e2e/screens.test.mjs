// Every screen and dialog (look/screens.mjs) for those who see little of it, or nothing: axe-core finds
// nothing in any theme, direction of writing and state of the connection, text stands at 7:1 (which is
// one of its rules), nothing is wider than the window; and what a screen reader is told of each stands
// in look/spoken/. `SWITCHBOARD_UPDATE=1 node --test e2e/screens.test.mjs` writes that anew.

import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { ACTS } from './look/screens.mjs';
import { open, stage } from './look/stage.mjs';
import { auditor } from './support/axe.mjs';
import { inRepository } from './support/paths.mjs';

const SPOKEN = inRepository('e2e/look/spoken');
const update = Boolean(process.env.SWITCHBOARD_UPDATE);

const LANGUAGES = { ltr: 'en', rtl: 'ar' };
const THEMES = {
  light: () => ({ colorScheme: 'light' }),
  dark: () => ({ colorScheme: 'dark' }),
  'more contrast': (direction) => ({ colorScheme: direction === 'ltr' ? 'light' : 'dark', contrast: 'more' }),
  'forced colours': () => ({ forcedColors: 'active' }),
};
const DESKTOP = { viewport: { width: 1120, height: 700 } };
const PHONE = { viewport: { width: 390, height: 760 }, isMobile: true, hasTouch: true };

let browser;
before(async () => { browser = await open(); });
after(() => browser.close());

/** One page goes through every screen; `seen(name, set)` is called on each. */
async function visit({ language, isOffline, ...options }, seen) {
  const set = await stage(browser, options);
  await set.choose({ language });
  let isIn = false;
  const signIn = async () => {
    if (isIn) return;
    isIn = true;
    await set.signIn();
    if (isOffline) {
      await set.server.leave();
      await set.pass(6_000);
    }
  };
  const shot = (name) => seen(name, set);
  for (const [name, act] of Object.entries(ACTS)) {
    // The form knows no connection.
    if (act.pictured || (name === 'connect' && isOffline)) continue;
    try {
      await act.play({ ...set, signIn, shot });
    } catch (error) {
      throw new Error(`in the act ${name}: ${error.message}`, { cause: error });
    }
  }
  await set.close();
}

describe('for axe there is nothing to find, and nothing is wider than the window', { concurrency: 2 }, () => {
  let number = 0;
  for (const [theme, look] of Object.entries(THEMES)) {
    for (const [direction, language] of Object.entries(LANGUAGES)) {
      for (const isOffline of [false, true]) {
        // Each theme, direction and state meets phones and desktops, without all that many runs more.
        const isPhone = [0, 3, 5, 6].includes(number % 8);
        number += 1;
        test(`${theme}, ${direction}, ${isOffline ? 'offline' : 'connected'}, ${isPhone ? 'phone' : 'desktop'}`, async () => {
          const found = [];
          let audit;
          await visit({ ...look(direction), ...(isPhone ? PHONE : DESKTOP), language, isOffline }, async (name, { page }) => {
            audit ??= await auditor(page);
            for (const violation of await audit()) found.push(`${name}: ${violation}`);
            const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
            if (overflow !== 0) found.push(`${name}: scrolls sideways by ${overflow} px`);
          });
          assert.deepEqual(found, []);
        });
      }
    }
  }
});

test('names and roles are as they were', async () => {
  await mkdir(SPOKEN, { recursive: true });
  const names = new Set();
  const changed = [];
  await visit({ ...DESKTOP, language: 'en' }, async (name, { page }) => {
    // What is open is what is told of.
    const inner = page.locator('dialog[open], .menu:popover-open').first();
    const root = (await inner.count()) ? inner : page.locator('body');
    // Frames take real time, and so do attempts to connect.
    const spoken = `${await root.ariaSnapshot()}\n`
      .replace(/\d\d:\d\d:\d\d\.\d{3}/g, '00:00:00.000')
      .replace(/Next attempt (now|in \d+ s) \(\d+ failed attempts?\)/, 'Next attempt in 1 s (2 failed attempts)')
      .replace(/Trying to connect again\./g, 'Disconnected. The page tries again by itself.');
    const path = join(SPOKEN, `${name}.yml`);
    names.add(`${name}.yml`);
    if (update) await writeFile(path, spoken);
    const kept = await readFile(path, 'utf8').catch(() => '');
    if (kept !== spoken) changed.push({ name, kept, spoken });
  });
  for (const { name, kept, spoken } of changed) {
    assert.deepEqual(spoken.split('\n'), kept.split('\n'), `${name}: SWITCHBOARD_UPDATE=1 accepts it`);
  }
  for (const file of await readdir(SPOKEN)) {
    if (names.has(file)) continue;
    if (update) await unlink(join(SPOKEN, file));
    else assert.fail(`e2e/look/spoken/${file}: no screen is called that any more`);
  }
});
