// The page in each language: its texts, its direction, its plurals, its numbers; and what happens
// when a language's file does not come.
//
// Whatever a person can read or hear must come from the language's file (or be content): the test
// holds every visible text and every accessible name against it, so a text written past the layer
// is found too.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';

import { SOCKET_FAILED } from './support/chat-page.mjs';
import { inRepository } from './support/paths.mjs';
import { scene } from './support/scene.mjs';
import { becomes, until } from './support/until.mjs';

const stage = scene();

const CODES = ['en', 'de', 'ja', 'ar'];

/** Key, text pairs of a language's file; the key is `section.key`, the same for each plural form. */
async function texts(code) {
  const found = [];
  let section = '';
  for (const line of (await readFile(inRepository(`languages/${code}.txt`), 'utf8')).split('\n')) {
    const head = line.match(/^\[(\w+)\]$/);
    if (head) [, section] = head;
    const text = line.match(/^(\w+)(?:\.\w+)? = (.+)$/);
    if (text && !line.startsWith('#')) found.push([`${section}.${text[1]}`, text[2]]);
  }
  return found;
}

const FILES = Object.fromEntries(await Promise.all(CODES.map(async (code) => [code, await texts(code)])));
/** A text of a language that has no values. */
const say = (code, key) => FILES[code].find(([name]) => name === key)[1];

/** Placeholders that other texts are put in for: `section.key.name`. */
const NESTED = new Set(FILES.en.flatMap(([key, text]) => [...text.matchAll(/\{(\w+):plain\}/g)].map(([, name]) => `${key}.${name}`)));

const literally = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** Matches a text with anything in place of its values; what must be a text itself is captured. */
function pattern([key, text]) {
  const pieces = text.split(/(\{"[^}]*"\}|\{[^}"]*\}|\\[n{}\\])/).map((piece) => {
    if (piece.startsWith('{"')) return literally(piece.slice(2, -2));
    if (piece.startsWith('{')) return NESTED.has(`${key}.${piece.slice(1, -1).split(':')[0]}`) ? '([^]+?)' : '[^]+?';
    return literally(piece.replace(/^\\(.)$/, (_, c) => (c === 'n' ? ' ' : c)));
  });
  return new RegExp(`^${pieces.join('')}$`);
}

const PATTERNS = Object.fromEntries(CODES.map((code) => [code, FILES[code].map(pattern)]));

/** The names of emoji in a language. */
async function emoji(code) {
  const text = await readFile(inRepository(code === 'en' ? 'assets/emoji.txt' : `assets/emoji/${code}.txt`), 'utf8');
  const lines = text.split('\n').filter((line) => line && !line.startsWith('=')).map((line) => line.split('\t'));
  const english = ([, codes, name]) => name || codes.split(' ')[0].replaceAll('_', ' ');
  return new Set(lines.map((line) => (code === 'en' ? english(line) : line[0])));
}

const EMOJI = Object.fromEntries(await Promise.all(CODES.map(async (code) => [code, await emoji(code)])));

/** Whether a text comes from a language's file, all of it, or is content. */
function isExplained(text, code) {
  if (EMOJI[code].has(text) || CONTENT.some((known) => known.test(text))) return true;
  return PATTERNS[code].some((known) => known.exec(text)?.slice(1).every((part) => part !== text && isExplained(part, code)));
}

/** What stands on the page and is no text of ours: what people wrote, names, times, wire words. */
const CONTENT = [
  /^Switchboard$/, /^(CONNECTING|OPEN|CLOSING|CLOSED)$/, /^(ana|bo|cy)$/, /^Hallo \d$/, /^wss?:\/\//, /^[A-Z]$/, /^·$/,
  /^(English|Deutsch|日本語|العربية)$/, /^[\p{N}\p{P}\p{S}\p{Emoji}\uFE0F\u200D\u20E3\u{E0020}-\u{E007F}\s]*$/u,
  // A connection id, as API Gateway makes them.
  /^[\w/+-]{14,}=$/,
  // Times of day.
  /^[\p{N}:]+\s?[صم]?$/u,
];
/** Elements whose texts are dates, times, frames or messages. */
const SPARED = '.row-time, .message-time, .frame-time, .day, .frame-name, .message-text, .frame-detail code, .message-facts .facts dd:nth-of-type(2), kbd';

/** Every text that can be read or heard now. */
const visible = (page) => page.evaluate((spared) => {
  const found = new Set();
  const add = (text) => {
    const plain = (text ?? '').replace(/[\u200b\u2066-\u2069]/g, '').replace(/\s+/g, ' ').trim();
    if (plain) found.add(plain);
  };
  for (const element of document.body.querySelectorAll('*')) {
    const hidden = element.closest('[hidden], script, style, dialog:not([open]), details:not([open]) > :not(summary), [popover]:not(:popover-open)');
    if (hidden || element.closest(spared)) continue;
    for (const name of ['aria-label', 'title', 'placeholder']) add(element.getAttribute(name));
    if (element.closest('svg')) continue;
    for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) add(node.data);
  }
  return [...found];
}, SPARED);

/** Nothing is in another language than `code`. */
async function speaks(chat, code, where) {
  const strangers = (await visible(chat.page)).filter((text) => !isExplained(text, code));
  assert.deepEqual(strangers, [], `${where}: in ${code}, or else not from languages/${code}.txt`);
}

const EXPECTED = {
  en: { locale: 'en-GB', dir: 'ltr', unread: '2 unread messages', over: /^\d,\d{3} bytes too many/ },
  de: { locale: 'de-AT', dir: 'ltr', unread: '2 ungelesene Nachrichten', over: /^\d[.\u00a0\u202f]\d{3} Bytes zu viel/ },
  ja: { locale: 'ja-JP', dir: 'ltr', unread: '未読メッセージ2件', over: /^\d,\d{3}バイト超過/ },
  ar: { locale: 'ar-EG', dir: 'rtl', unread: 'رسالتان غير مقروءتين', over: /^زيادة [٠-٩]٬[٠-٩]{3} بايت/ },
};

for (const [code, { locale, dir, unread, over }] of Object.entries(EXPECTED)) {
  describe(`a browser in ${locale}`, () => {
    test('is shown its own language everywhere', async () => {
      const ana = await stage.visitor({ locale });
      const { page } = ana;
      const html = page.locator('html');
      assert.equal(await html.getAttribute('lang'), code);
      assert.equal(await html.getAttribute('dir'), dir);
      await speaks(ana, code, 'connect form');
      await page.locator('details.advanced summary').click();
      await page.locator('#url').fill('nonsense');
      await page.locator('#query').fill('nonsense');
      await page.locator('form button[type=submit]').click();
      await page.locator('#url-error').waitFor();
      await speaks(ana, code, 'connect form with errors');
      for (const profile of ['s1', 's2', 's3', 's4', 's5']) {
        await page.locator('#profile').selectOption(profile);
        await speaks(ana, code, profile);
      }
      await page.locator('#profile').selectOption('switchboard');
      await page.locator('#url').fill('/dev');
      await page.locator('#query').fill('');
      await page.locator('#user').fill('ana');
      await page.locator('form button[type=submit]').click();
      await until('connected', async () => (await page.locator('details.status').getAttribute('data-tone')) === 'up');
      await speaks(ana, code, 'an empty chat');

      const bo = await stage.person('bo');
      await bo.start('ana');
      for (const n of [1, 2]) await bo.send(`Hallo ${n}`);
      await becomes(async () => (await visible(page)).includes(unread), true);
      await speaks(ana, code, 'chat with unread messages');

      await page.locator('#message').fill('x'.repeat(40_000));
      await page.locator('#message-error').getByText(over).waitFor();
      await speaks(ana, code, 'too long a message');
      await page.locator('#message').fill('');

      await page.locator('details.status summary').click();
      await speaks(ana, code, 'connection details');
      await page.locator('details.status summary').click();
      await page.keyboard.press('F8');
      await page.locator('ul.frames button').first().click();
      await speaks(ana, code, 'frame inspector');
      await page.keyboard.press('F8');

      // What is opened by a key, and by a menu; nothing is found by its text.
      const opens = async (what, open, shown) => {
        await open();
        await page.locator(shown).first().waitFor();
        await speaks(ana, code, what);
        await page.keyboard.press('Escape');
        // Gone, not only hidden: the app knows of it then.
        await becomes(() => page.locator(shown).count(), 0);
      };
      const key = (name) => () => page.keyboard.press(name);
      await page.locator('ul[aria-labelledby=conversations] .row').first().click();
      await opens('quick switcher', key('Control+k'), '.palette');
      await opens('search', key('Control+Shift+F'), '.search');
      await opens('find', key('Control+f'), '.find:not([hidden])');
      await opens('settings', () => page.locator('.sidebar-foot .button[aria-label]').first().click(), '.settings');
      const onRow = (row, keys) => async () => {
        await page.locator(row).first().focus();
        await page.keyboard.press(keys);
      };
      const menu = '.menu:popover-open';
      const [conversation, message] = ['ul[aria-labelledby=conversations] .row', '.message'];
      await opens('shortcuts', onRow(message, '?'), '.shortcuts');
      await opens('menu of a conversation', onRow(conversation, 'ContextMenu'), menu);
      await opens('menu of a message', onRow(message, 'ContextMenu'), menu);
      const chosen = (row, act) => async () => {
        await onRow(row, 'ContextMenu')();
        await page.locator(`${menu} [data-act=${act}]`).click();
      };
      await opens('saving as a file', chosen(conversation, 'export'), '.export-choice');
      await opens('details', chosen(message, 'details'), '.message-facts');
      await opens('emoji', onRow(message, '+'), '.emoji-picker:popover-open .emoji-grid button');

      await page.getByRole('button', { name: say(code, 'chat.new'), exact: true }).first().click();
      const dialog = page.locator('dialog[open]');
      await dialog.locator('#ids').fill('\u202e');
      await dialog.locator('#ids').press('Enter');
      await speaks(ana, code, 'new message');
      await page.keyboard.press('Escape');

      ana.allows(SOCKET_FAILED);
      bo.allows(SOCKET_FAILED);
      await stage.gateway.kill();
      await page.locator('section.banner .countdown').first().waitFor();
      await speaks(ana, code, 'disconnected');
      await stage.gateway.startAgain();
    });
  });
}

describe('the choice of the language', () => {
  test('changes the page at once, keeps what was typed, and is kept', async () => {
    const ana = await stage.visitor();
    const { page } = ana;
    await page.locator('#user').fill('ana');
    await page.getByLabel('Language').selectOption('ar');
    await page.getByRole('button', { name: say('ar', 'connect.submit'), exact: true }).waitFor();
    assert.equal(await page.locator('html').getAttribute('dir'), 'rtl');
    assert.equal(await page.locator('#user').inputValue(), 'ana');
    await speaks(ana, 'ar', 'after the choice');
    await page.reload();
    await page.getByRole('button', { name: say('ar', 'connect.submit'), exact: true }).waitFor();
    await page.locator('.language select').selectOption('en');
    await page.getByRole('button', { name: 'Connect', exact: true }).waitFor();
    assert.equal(await page.locator('html').getAttribute('dir'), 'ltr');
  });

  test('names emoji anew, which are found by the names of either', async () => {
    const ana = await stage.person('ana');
    const { page } = ana;
    await ana.start('bo');
    const found = async (query, language) => {
      await page.locator('.message').first().focus();
      await page.keyboard.press('+');
      await page.locator('.emoji-picker input:focus').waitFor();
      await page.locator('.emoji-picker [type=search]').fill(query);
      const cell = page.locator('.emoji-grid button', { hasText: '😂' });
      await cell.waitFor();
      // What is there meanwhile may be found, too.
      await becomes(() => cell.evaluate((cell) => cell.closest('[lang]').lang), language);
      const spoken = await cell.getAttribute('aria-label');
      // The first empties the field.
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await becomes(() => cell.count(), 0);
      return spoken;
    };
    await ana.send('Hallo');
    assert.equal(await found('tears of joy', 'en'), 'face with tears of joy');
    const choose = async (language) => {
      await page.locator('.sidebar-foot .button[aria-label]').first().click();
      await page.locator('.settings .language select').selectOption(language);
      await until(`the page is in ${language}`, async () => (await page.locator('html').getAttribute('lang')) === language);
      await page.keyboard.press('Escape');
      await becomes(() => page.locator('.settings').count(), 0);
    };
    await choose('de');
    assert.equal(await found('Tränen', 'de'), 'Gesicht mit Freudentränen');
    assert.equal(await found('joy', 'de'), 'Gesicht mit Freudentränen');
    await page.locator('#message').pressSequentially(':freudent');
    await page.locator('.suggestions [role=option]', { hasText: '😂' }).waitFor();
    await page.locator('#message').fill('');
    // What does not come is asked for again with the next wish for an emoji, and not before.
    ana.allows(/Failed to load resource/);
    let asked = 0;
    await page.route('**/emoji/ja.txt', (route) => { asked += 1; return route.abort(); });
    await choose('ja');
    assert.equal(await found('joy', 'en'), 'face with tears of joy');
    assert.equal(asked, 1);
    await page.unroute('**/emoji/ja.txt');
    assert.equal(await found('泣き', 'ja'), '嬉し泣き');
  });

  test('English is fetched from nowhere, another language once', async () => {
    const asked = [];
    await stage.visitor({ prepare: (page) => page.on('request', (request) => asked.push(new URL(request.url()).pathname)) });
    const files = (list) => list.filter((path) => path.startsWith('/languages/'));
    assert.deepEqual(files(asked), []);
    asked.length = 0;
    await stage.visitor({ locale: 'de-DE', prepare: (page) => page.on('request', (request) => asked.push(new URL(request.url()).pathname)) });
    assert.equal(files(asked).length, 2);
    assert.equal(files(asked)[0], '/languages/shell.json', 'for what is said before the app is there');
    assert.match(files(asked)[1], /^\/languages\/de-[0-9a-f]{16}\.txt$/);
  });
});

describe('a language whose file', () => {
  const FAILED = /^Failed to load resource/;
  for (const [what, answer] of Object.entries({
    'is not there': (route) => route.fulfill({ status: 404, body: '' }),
    'belongs to another build': (route) => route.fulfill({ body: '0123456789abcdef\u001eSchließen' }),
    'is the page itself': (route) => route.fulfill({ body: '<!doctype html>' }),
    'cannot be fetched': (route) => route.abort(),
    'never comes': () => {},
  })) {
    test(`${what}: the page is English and says so`, async () => {
      const { page } = await stage.visitor({
        locale: 'de-DE',
        prepare: (page, chat) => {
          chat.allows(FAILED);
          return page.route('**/languages/*', answer);
        },
      });
      await page.getByText('The texts in \u2068Deutsch\u2069 could not be loaded.').waitFor();
      assert.equal(await page.locator('html').getAttribute('lang'), 'en');
      await page.unroute('**/languages/*');
      await page.locator('.language select').selectOption('de');
      await page.getByRole('button', { name: 'Verbinden', exact: true }).waitFor();
    });
  }

  test('does not come on a change: the page stays as it is and the choice goes back', async () => {
    const ana = await stage.visitor();
    ana.allows(FAILED);
    const { page } = ana;
    await page.route('**/languages/*', (route) => route.abort());
    await page.getByLabel('Language').selectOption('ja');
    await page.getByText('The texts in \u2068日本語\u2069 could not be loaded.').waitFor();
    await becomes(() => page.getByLabel('Language').inputValue(), 'en');
    await speaks(ana, 'en', 'after the failed change');
  });
});
