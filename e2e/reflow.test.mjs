// Narrow windows and large texts: at 320 pixels wide (1280 at 400 % zoom) and in the largest texts
// nothing scrolls sideways and nothing one presses is cut off (WCAG 1.4.10, 1.4.4). And what a finger presses may
// look smaller than it (2.5.8).

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
    if (wide > 0) found.unshift(`the page is ${wide} pixels too wide`);
    // What a dialog has is not to be scrolled to sideways either.
    for (const scroller of document.querySelectorAll('dialog[open], dialog[open] :not(pre)')) {
      const hidden = scroller.scrollWidth - scroller.clientWidth;
      if (hidden <= 1 || !/auto|scroll/.test(getComputedStyle(scroller).overflowX)) continue;
      const { left } = scroller.getBoundingClientRect();
      const wide = [...scroller.querySelectorAll('*')].filter((element) => shown(element)
        && element.getBoundingClientRect().right > left + scroller.clientWidth + 1);
      found.push(`${scroller.className} hides ${hidden} pixels: ${wide.map(({ localName, textContent }) => `${localName} “${textContent}”`)}`);
    }
    return found;
  });
  assert.deepEqual(cut, [], screen);
}

/** What each dialog shows, and how one comes to it: from the list, and from a conversation. */
const dialogs = {
  list: {
    '.palette': ({ page }) => page.keyboard.press('Control+k'),
    '.settings': ({ page }) => page.locator('.sidebar-foot .button[aria-label]').first().click(),
    '.search': ({ page }) => page.keyboard.press('Control+Shift+F'),
    '.shortcuts': async ({ page }) => {
      await page.locator('ul[aria-labelledby=conversations] .row').first().focus();
      await page.keyboard.press('Shift+?');
    },
    '.export-choice': async (set) => {
      await set.page.locator('ul[aria-labelledby=conversations] .row').first().focus();
      await chosen(set, 'export');
    },
    '#ids': ({ page }) => page.locator('.compose').click(),
  },
  conversation: {
    '.message-facts': async (set) => {
      await set.page.locator('.message.mine').last().focus();
      await chosen(set, 'details');
    },
    '.dialog-foot': async (set) => {
      await set.page.locator('.message.mine').last().focus();
      await chosen(set, 'delete');
    },
  },
};

/** Chooses from the menu of what has the focus. */
async function chosen({ page, pass, appears }, act) {
  await page.keyboard.press('ContextMenu');
  await appears(page.locator('.menu:popover-open'));
  await pass(50);
  await page.locator(`.menu:popover-open [data-act=${act}]`).click();
}

/** Every dialog opens, shows and fits. */
async function dialogsFit(set, from) {
  const { page, pass, appears } = set;
  for (const [what, open] of Object.entries(dialogs[from])) {
    await open(set);
    await appears(page.locator(`dialog[open] ${what}`));
    await pass(100);
    assert.ok(await page.locator(`dialog[open] ${what}`).first().isVisible(), `${what} shows`);
    await fits(page, `the dialog of ${what}`);
    // The first may only empty a field or close a list.
    while (await page.locator('dialog[open]').count()) {
      await page.keyboard.press('Escape');
      await pass(50);
    }
  }
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
        await dialogsFit(set, 'list');
        await chat.open(GROUP_NAME);
        await pass(100);
        await fits(page, 'a conversation');
        await dialogsFit(set, 'conversation');
        await page.keyboard.press('F8');
        await pass(100);
        await fits(page, 'the inspector');
        await set.close();
      });
    }
  });
}

/** A finger that comes down so many pixels above or below the middle of something still presses it. */
async function pressedWithin(page, selector, reach) {
  const missed = await page.locator(selector).first().evaluate((element, reach) => {
    element.scrollIntoView({ block: 'center' });
    const { top, bottom, left, right } = element.getBoundingClientRect();
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    return [-reach, 0, reach].filter((by) => !element.contains(document.elementFromPoint(x, y + by)));
  }, reach);
  assert.deepEqual(missed, [], `${selector} is pressed ${reach} pixels beside its middle`);
}

test('what is smaller than a finger is pressed around it, too', async () => {
  const set = await stage(browser, windows['320 wide, a finger']);
  const { page, chat, pass, signIn } = set;
  await signIn();
  await chat.showList();
  await pass(100);
  await pressedWithin(page, 'details.status summary', 20);
  await chat.open(GROUP_NAME);
  await pass(100);
  await pressedWithin(page, '.reaction', 20);
  await set.close();
});
