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
import { GROUP } from './look/story.mjs';
import { auditor } from './support/axe.mjs';
import { inRepository } from './support/paths.mjs';

const SPOKEN = inRepository('e2e/look/spoken');
const update = Boolean(process.env.SWITCHBOARD_UPDATE);

const LANGUAGES = { ltr: 'en', rtl: 'ar' };
const CONTRASTS = {
  '': { contrast: 'no-preference', forcedColors: 'none' },
  ', more contrast': { contrast: 'more', forcedColors: 'none' },
  ', forced colours': { contrast: 'no-preference', forcedColors: 'active' },
};
const THEMES = Object.entries(CONTRASTS).flatMap(([word, contrast]) =>
  ['light', 'dark'].map((colorScheme) => [`${colorScheme}${word}`, { colorScheme, ...contrast }]));
const DEVICES = {
  desktop: { viewport: { width: 1120, height: 700 } },
  phone: { viewport: { width: 390, height: 760 }, isMobile: true, hasTouch: true },
};

let browser;
before(async () => { browser = await open(); });
after(() => browser.close());

/**
 * Somebody goes through every screen, with one page for all acts that can share it; `seen(name, set)` is called
 * on each. Without a `state`, which is 'connected' or 'offline', it is every screen of both.
 */
async function visit({ language, state, ...options }, seen) {
  const enter = async ({ only }) => {
    // What is for one state brings that about itself.
    const set = await stage(browser, { isOffline: state === 'offline' && !only, ...options });
    await set.choose({ language });
    let isIn = false;
    const signIn = async (how) => {
      if (!isIn) await set.signIn(how);
      isIn = true;
    };
    return { ...set, signIn, shot: (name) => seen(name, set) };
  };
  const shared = await enter({});
  for (const [name, act] of Object.entries(ACTS)) {
    if (act.pictured || (state && act.only && act.only !== state)) continue;
    const set = act.alone ? await enter(act) : shared;
    try {
      await act.play(set);
    } catch (error) {
      throw new Error(`in the act ${name}: ${error.message}`, { cause: error });
    }
    if (act.alone) await set.close();
  }
  await shared.close();
}

describe('for axe there is nothing to find, and nothing is wider than the window', { concurrency: 2 }, () => {
  for (const [number, [direction, state]] of [['ltr', 'connected'], ['ltr', 'offline'], ['rtl', 'offline'], ['rtl', 'connected']].entries()) {
    for (const [at, [device, size]] of Object.entries(DEVICES).entries()) {
      // A theme is on one device here and on the other in the next state and direction: it meets each of them on both.
      const themes = THEMES.filter((_, place) => (place + number + at) % 2 === 0);
      test(`${direction}, ${state}, ${device}: ${themes.map(([name]) => name).join('; ')}`, async () => {
        const found = [];
        const audits = new Map();
        await visit({ ...size, language: LANGUAGES[direction], state }, async (name, { page }) => {
          if (!audits.has(page)) audits.set(page, await auditor(page));
          for (const [theme, media] of themes) {
            await page.emulateMedia(media);
            for (const violation of await audits.get(page)()) found.push(`${name}, ${theme}: ${violation}`);
            const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
            if (overflow !== 0) found.push(`${name}, ${theme}: scrolls sideways by ${overflow} px`);
          }
        });
        assert.deepEqual(found, []);
      });
    }
  }
});

// No rule of axe's asks for it.
test('the focus is seen on what is chosen, whatever the contrast', async () => {
  const { page, ...set } = await stage(browser, DEVICES.desktop);
  await set.signIn();
  await set.open(GROUP);
  const unseen = [];
  const looks = async (focused, outlined) => {
    // As from the keyboard.
    await page.keyboard.press('Tab');
    for (const [theme, media] of THEMES) {
      await page.emulateMedia(media);
      const outline = () => page.locator(outlined).first().evaluate((it) => getComputedStyle(it).outline + getComputedStyle(it).outlineOffset);
      await page.locator(focused).first().blur();
      const without = await outline();
      await page.locator(focused).first().focus();
      if (await outline() === without) unseen.push(`${outlined}, ${theme}: ${without}`);
    }
  };
  await looks('.row[aria-current=true]', '.row[aria-current=true]');
  await page.locator('.sidebar-foot .button[aria-label]').first().click();
  await set.appears(page.locator('.settings'));
  await looks('.segments :checked', '.segments > label:has(:checked)');
  assert.deepEqual(unseen, []);
  await set.close();
});

test('names and roles are as they were', async () => {
  await mkdir(SPOKEN, { recursive: true });
  const names = new Set();
  const changed = [];
  await visit({ ...DEVICES.desktop, language: LANGUAGES.ltr }, async (name, { page }) => {
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
