// Narrow windows and large texts: at 320 pixels wide (1280 at 400 % zoom) and in the largest texts
// nothing scrolls sideways and nothing one presses is cut off (WCAG 1.4.10, 1.4.4).

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { open, stage } from './look/stage.mjs';
import { GROUP_NAME } from './look/story.mjs';

let browser;
before(async () => { browser = await open(); });
after(() => browser.close());

/** What stands out of the window at either side, and whether the page scrolls there. */
async function fits(page, screen) {
  const cut = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const shown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const inScroller = (element) => {
      for (let above = element.parentElement; above; above = above.parentElement) {
        const { overflowX } = getComputedStyle(above);
        if (/auto|scroll/.test(overflowX) && above.scrollWidth > above.clientWidth) return true;
      }
      return false;
    };
    const found = [...document.querySelectorAll('button, input, select, textarea, summary, a, h1, h2, h3, p')]
      .filter((element) => shown(element) && !element.closest('.quiet, .skip') && !inScroller(element))
      .map((element) => ({ element, place: element.getBoundingClientRect() }))
      .filter(({ place }) => place.width > 1 && (place.left < -1 || place.right > width + 1))
      .map(({ element, place }) => `${element.tagName}.${element.className} from ${Math.round(place.left)} to ${Math.round(place.right)}`);
    const wide = document.documentElement.scrollWidth - width;
    return wide > 0 ? [`the page is ${wide} pixels too wide`, ...found] : found;
  });
  assert.deepEqual(cut, [], screen);
}

const windows = {
  '320 wide': { viewport: { width: 320, height: 640 } },
  '320 wide, a finger': { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true },
  '640 × 400, a desktop at 200 %': { viewport: { width: 640, height: 400 } },
  '768 wide, a tablet': { viewport: { width: 768, height: 1024 }, hasTouch: true },
};

for (const [name, options] of Object.entries(windows)) {
  describe(name, () => {
    for (const size of ['normal', 'huge']) {
      test(`everything fits, ${size} texts`, async () => {
        const set = await stage(browser, options);
        const { page, chat, pass, load, signIn } = set;
        await set.choose({ text_size: size });
        await load();
        await fits(page, 'connect');
        await signIn();
        await chat.showList();
        await pass(100);
        await fits(page, 'the list');
        for (const dialog of ['Control+k', 'Shift+?', 'Control+,']) {
          await page.keyboard.press(dialog);
          await pass(100);
          await fits(page, `the dialog of ${dialog}`);
          await page.keyboard.press('Escape');
          await pass(50);
        }
        await chat.open(GROUP_NAME);
        await pass(100);
        await fits(page, 'a conversation');
        await page.keyboard.press('F8');
        await pass(100);
        await fits(page, 'the inspector');
        await set.close();
      });
    }
  });
}
