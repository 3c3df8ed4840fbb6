// The shell by keyboard alone, its address and its panes.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { scene } from './support/scene.mjs';
import { becomes } from './support/until.mjs';

const stage = scene();

/** What has the focus: its accessible name, or its tag. */
const focused = (page) => page.evaluate(() => {
  const { activeElement: it } = document;
  return it.getAttribute('aria-label') ?? (it.textContent.trim() || it.tagName);
});

/** The focus is on something that shows. */
async function hasFocus(page, when) {
  assert.notEqual(await page.evaluate(() => document.activeElement.tagName), 'BODY', `the focus is lost ${when}`);
}

describe('keyboard alone', () => {
  /** A page on which a draft stands and what is opened later is held back; `open` presses the key for it. */
  async function holding(key) {
    const [ana] = await stage.people('ana', 'bo');
    const { page } = ana;
    await page.locator('ul[aria-labelledby=people] button.row').click();
    let go;
    const held = new Promise((resolve) => { go = resolve; });
    await page.route('**/later-*.wasm', async (route) => {
      await held;
      await route.continue();
    });
    await page.locator('#message').fill('a draft');
    const fetched = page.waitForRequest('**/later-*.wasm');
    await page.keyboard.press(key);
    await fetched;
    return { ana, page, go };
  }

  async function isUntouched({ ana, page }) {
    assert.equal(await page.locator('#message').inputValue(), 'a draft');
    assert.deepEqual(await ana.timeline(), []);
  }

  test('what is typed before the quick switcher is fetched stands in it, and nowhere else', async () => {
    const scene = await holding('Control+k');
    const { page } = scene;
    const { keyboard } = page;
    await keyboard.type('ex');
    await keyboard.press('Backspace');
    await keyboard.press('Control+k');
    await keyboard.type('ve');
    await keyboard.press('Enter');
    scene.go();
    await page.locator('.palette input:focus').waitFor();
    await keyboard.type('ry');
    await page.getByRole('option', { name: /^Everyone/, selected: true }).waitFor();
    assert.equal(await page.locator('.palette input').inputValue(), 'every');
    await keyboard.press('Escape');
    await page.locator('#message:focus').waitFor();
    await isUntouched(scene);
  });

  test('and before the find bar is; Escape takes the wish back', async () => {
    const scene = await holding('Control+f');
    const { page } = scene;
    const { keyboard } = page;
    await keyboard.type('not this');
    await keyboard.press('Escape');
    await keyboard.press('Control+f');
    await keyboard.type('words');
    scene.go();
    await page.locator('.find input:focus').waitFor();
    await keyboard.type('!');
    assert.equal(await page.locator('.find input').inputValue(), 'words!');
    await isUntouched(scene);
  });

  test('what could not be fetched takes no key with it, and is fetched when it is asked for again', async () => {
    const [ana] = await stage.people('ana', 'bo');
    const { page } = ana;
    const { keyboard } = page;
    await page.locator('ul[aria-labelledby=people] button.row').click();
    ana.allows(/^(Failed to load resource: net::ERR_FAILED$|TypeError: Failed to fetch)/);
    await page.route('**/later-*.wasm', (route) => route.abort());
    await page.locator('#message').focus();
    const failed = page.waitForEvent('requestfailed');
    await keyboard.press('Control+k');
    await failed;
    await becomes(async () => {
      await page.locator('#message').fill('');
      await keyboard.type('x');
      return page.locator('#message').inputValue();
    }, 'x');
    await page.unroute('**/later-*.wasm');
    await keyboard.press('Control+k');
    await page.locator('.palette input:focus').waitFor();
    assert.equal(await page.locator('.palette input').inputValue(), '');
  });

  test('connect, new message, send, switch, mute, sign out', async () => {
    const bo = await stage.person('bo');
    const ana = await stage.visitor();
    const { page } = ana;
    const { keyboard } = page;
    await page.locator('#user').focus();
    await keyboard.press('ControlOrMeta+a');
    await keyboard.type('ana');
    await keyboard.press('Enter');
    await ana.isUp();
    // Past the skip links into the lists, and to the button beside the filter.
    await becomes(() => ana.online(), ['bo']);
    await keyboard.press('F6');
    await hasFocus(page, 'after F6');
    await keyboard.press('/');
    assert.equal(await focused(page), 'Search conversations and people');
    await keyboard.press('Tab');
    assert.equal(await focused(page), 'New message');
    await keyboard.press('Enter');
    await page.locator('#ids:focus').waitFor();
    await keyboard.type('b');
    await page.getByRole('option', { name: 'bo', selected: true }).waitFor();
    await keyboard.press('Enter');
    await keyboard.type('cy, ');
    assert.deepEqual(await page.locator('.chip bdi').allInnerTexts(), ['bo', 'cy']);
    await keyboard.press('Backspace');
    assert.deepEqual(await page.locator('.chip bdi').allInnerTexts(), ['bo']);
    await keyboard.press('Enter');
    await page.locator('#message:focus').waitFor();
    await keyboard.type('by keys alone');
    await keyboard.press('Enter');
    await ana.hasState('Delivered');
    await bo.open('ana');
    await bo.shows('ana: by keys alone');
    // To everybody by the quick switcher, and back by a key.
    await keyboard.press('Control+k');
    await page.locator('.palette input:focus').waitFor();
    await keyboard.type('every');
    await page.getByRole('option', { name: /^Everyone/, selected: true }).waitFor();
    await keyboard.press('Enter');
    await page.getByRole('heading', { level: 2, name: 'Everyone' }).waitFor();
    await page.locator('#message:focus').waitFor();
    await keyboard.press('Alt+ArrowDown');
    await page.getByRole('heading', { level: 2, name: 'bo' }).waitFor();
    // The row's menu.
    await keyboard.press('Shift+F6');
    await keyboard.press('Shift+F6');
    await keyboard.press('Home');
    await keyboard.press('Shift+F10');
    await becomes(() => focused(page), 'Pin to the top');
    await keyboard.press('ArrowDown');
    assert.equal(await focused(page), 'Mute');
    await keyboard.press('Enter');
    await becomes(() => page.locator('.row-sign:not([hidden])').count(), 1);
    await hasFocus(page, 'after the menu');
    // The sheet, and back.
    await keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await hasFocus(page, 'in the sheet');
    await keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await hasFocus(page, 'after the sheet');
    await keyboard.press('Control+k');
    await keyboard.type('sign out');
    await keyboard.press('Enter');
    await ana.button('Connect').waitFor();
  });

  test('a reaction and a setting', async () => {
    const ana = await stage.person('ana');
    const { page } = ana;
    const { keyboard } = page;
    await ana.send('react to me');
    await page.locator('#message:focus').waitFor();
    await keyboard.press('Shift+F6');
    await becomes(() => page.evaluate(() => document.activeElement.matches('.message')), true);
    await keyboard.press('+');
    await page.locator('.emoji-picker input:focus').waitFor();
    await keyboard.type('tada');
    await page.locator('.emoji-grid button').first().waitFor();
    await keyboard.press('Enter');
    const reaction = page.locator('.message .reaction[aria-pressed]');
    await becomes(() => reaction.getAttribute('aria-pressed'), 'true');
    assert.match(await reaction.innerText(), /🎉/);
    await becomes(() => page.evaluate(() => document.activeElement.matches('.message')), true);
    // A setting, by the palette.
    const asked = page.getByRole('switch', { name: 'Show others when I am typing' });
    const settings = async () => {
      await keyboard.press('Control+k');
      await page.locator('.palette input:focus').waitFor();
      await keyboard.type('settings');
      await page.getByRole('option', { name: 'Settings', selected: true }).waitFor();
      await keyboard.press('Enter');
      await page.getByRole('dialog', { name: 'Settings' }).waitFor();
    };
    await settings();
    assert.equal(await asked.isChecked(), true);
    const isThere = () => asked.evaluate((it) => it === document.activeElement);
    for (let tabs = 0; tabs < 30 && !(await isThere()); tabs += 1) await keyboard.press('Tab');
    assert.ok(await isThere(), 'Tab leads to the switch');
    await keyboard.press('Space');
    assert.equal(await asked.isChecked(), false);
    await keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await hasFocus(page, 'after the settings');
    await page.reload();
    await ana.isUp();
    await settings();
    assert.equal(await asked.isChecked(), false);
  });

  test('pins and mutes stay for the account that set them', async () => {
    const ana = await stage.person('ana');
    const context = ana.page.context();
    await ana.start('bo');
    await ana.send('hello');
    await ana.start('cy');
    await ana.send('hello');
    await becomes(() => ana.conversations(), ['cy', 'bo', 'Everyone']);
    await ana.choose('bo', 'Pin to the top');
    await becomes(() => ana.conversations(), ['bo', 'cy', 'Everyone']);
    await ana.page.reload();
    await ana.isUp();
    await becomes(() => ana.conversations(), ['bo', 'cy', 'Everyone']);
    await ana.conversation('bo').getByText('Pinned').waitFor({ state: 'attached' });
    const other = await stage.tab(context);
    await other.signIn({ user: 'dora' });
    assert.equal(await other.page.locator('.row-sign:not([hidden])').count(), 0);
    // What somebody else wrote into the storage does no harm.
    await ana.page.evaluate(() => {
      const key = Object.keys(localStorage).find((name) => name.startsWith('switchboard.marks'));
      localStorage.setItem(key, `p lobby\n${'x'.repeat(100_000)}\npm <img src=x>\n\0`);
    });
    await ana.page.reload();
    await ana.isUp();
    await becomes(() => ana.conversations(), ['Everyone', 'cy', 'bo']);
  });
});

describe('the menu of a conversation', () => {
  for (const [when, before] of Object.entries({
    'before anything else was fetched': () => {},
    'after the settings were': async (ana) => {
      await ana.settings();
      await ana.page.keyboard.press('Escape');
      await ana.page.getByRole('dialog').waitFor({ state: 'hidden' });
    },
  })) {
    test(`opens with the first press, ${when}, and stays open`, async () => {
      const ana = await stage.person('ana');
      await before(ana);
      // What a menu did is told in a task of its own, after it opened and perhaps closed again.
      await ana.page.evaluate(() => {
        window.told = new Promise((resolve) => {
          document.addEventListener('toggle', ({ target, newState }) => {
            // The dialog that was closed before may tell of that only now.
            if (target.localName !== 'dialog') resolve(newState);
          }, { capture: true });
        });
      });
      await ana.page.locator('.conversation-head').getByRole('button', { name: /^Options for/ }).click();
      assert.equal(await ana.page.evaluate(() => window.told), 'open');
      await becomes(() => focused(ana.page), 'Pin to the top');
    });
  }
});

describe('the address', () => {
  test('names the conversation, and the browser goes back and forth', async () => {
    const ana = await stage.person('ana');
    const hash = () => ana.page.evaluate(() => location.hash);
    const heading = (name) => ana.page.getByRole('heading', { level: 2, name, exact: true }).waitFor();
    await becomes(hash, '#/c/lobby');
    await ana.start('bo');
    await becomes(hash, '#/c/c:ana,bo');
    await ana.page.goBack();
    await heading('Everyone');
    await ana.page.goForward();
    await heading('bo');
    await ana.page.reload();
    await ana.isUp();
    await heading('bo');
    // A link leads there after signing in, for whoever takes part.
    const link = ana.page.url();
    const bo = await stage.visitor();
    await bo.page.goto(link);
    await bo.settled();
    await bo.signIn({ user: 'bo' });
    await bo.page.getByRole('heading', { level: 2, name: 'ana', exact: true }).waitFor();
    const cy = await stage.visitor();
    await cy.page.goto(link);
    await cy.settled();
    await cy.signIn({ user: 'cy' });
    await cy.page.getByRole('heading', { level: 2, name: 'Everyone', exact: true }).waitFor();
    await ana.button('Sign out').click();
    await ana.button('Connect').waitFor();
    await becomes(hash, '#/');
  });

  test('on a phone, back leads from a conversation to the list', async () => {
    const ana = await stage.person('ana', { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true });
    const pane = () => ana.page.locator('.chat').getAttribute('data-pane');
    await becomes(pane, 'conversation');
    await ana.button('Back to the conversations').click();
    await becomes(pane, 'list');
    await ana.conversation('Everyone').click();
    await becomes(pane, 'conversation');
    // The address follows once that is painted; a person is not as quick as this.
    await becomes(() => ana.page.evaluate(() => location.hash), '#/c/lobby');
    await ana.page.goBack();
    await becomes(pane, 'list');
    await becomes(() => ana.page.locator('.sidebar').isVisible(), true);
  });

  test('skip links go past what comes before, and leave the address', async () => {
    const ana = await stage.person('ana');
    await becomes(() => ana.page.evaluate(() => location.hash), '#/c/lobby');
    for (const [name, target] of [
      ['Skip to the conversations', '#filter'],
      ['Skip to the messages', '#messages'],
      ['Skip to the message field', '#message'],
    ]) {
      await ana.page.getByRole('link', { name, exact: true }).focus();
      await ana.page.keyboard.press('Enter');
      await ana.page.locator(`${target}:focus`).waitFor();
    }
    assert.equal(await ana.page.evaluate(() => location.hash), '#/c/lobby');
  });
});
