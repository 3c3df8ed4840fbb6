// Search over what the browser has, find in the open conversation, and saving that as a file.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';

import { Client } from './support/client.mjs';
import { scene } from './support/scene.mjs';
import { becomes, until } from './support/until.mjs';

const stage = scene();

const dialog = (chat) => chat.page.getByRole('dialog');
const hits = (chat) => dialog(chat).locator('.search-hit-text').allInnerTexts();

async function search(chat, line) {
  await chat.page.keyboard.press('Control+Shift+F');
  await dialog(chat).getByRole('searchbox').fill(line);
}

/** Somebody without a page writes `count` messages to everybody, one after the other. */
async function written(gateway, user, count) {
  const client = await Client.connect(`${gateway.socketUrl}?userId=${user}`);
  for (let n = 1; n <= count; n += 1) {
    client.send({ action: 'sendmessage', v: 1, id: `${user}${n}`, conv: 'lobby', kind: 'text', content: `number ${n}.` });
    await until(`message ${n} is in the log`, () => client.received.some((frame) => frame.includes(`"id":"${user}${n}"`)));
  }
  client.socket.terminate();
}

describe('search', () => {
  test('words are found whatever their capitals and accents, by person too, and Enter goes there', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start('bo');
    await ana.send('Das **Café** öffnet um neun');
    await bo.open('ana');
    await bo.send('Im cafe wartet niemand');
    await ana.message('Im cafe wartet niemand').waitFor();
    await ana.open('Everyone');
    await ana.send('tea for everyone');

    await search(ana, 'CAFE');
    await becomes(() => hits(ana), ['Im cafe wartet niemand', 'Das Café öffnet um neun']);
    assert.deepEqual(await dialog(ana).locator('mark').allInnerTexts(), ['cafe', 'Café']);
    await dialog(ana).getByRole('searchbox').fill('cafe from:ana');
    await becomes(() => hits(ana), ['Das Café öffnet um neun']);
    await dialog(ana).getByRole('searchbox').fill('"cafe wartet"');
    await becomes(() => hits(ana), ['Im cafe wartet niemand']);
    await dialog(ana).getByRole('searchbox').fill('cafe before:2001-01-01');
    await becomes(() => dialog(ana).locator('.hint[role=status]').innerText(), 'Nothing found in what this browser has.');
    await dialog(ana).getByRole('searchbox').fill('cafe');
    await becomes(async () => (await hits(ana)).length, 2);
    await ana.page.keyboard.press('Enter');
    await dialog(ana).waitFor({ state: 'hidden' });
    await ana.page.getByRole('heading', { level: 2, name: 'bo', exact: true }).waitFor();
    // Storage has not been given up over it: with two logs that are loaded in full it once was.
    await ana.send('kept as before');
    assert.equal(await ana.page.getByText('Keep this page open').isVisible(), false);
  });

  test('by person and by day: from one on, and before one, in fields of their own', async () => {
    const ana = await stage.person('ana');
    await ana.send('written today');
    await search(ana, 'written');
    await becomes(() => hits(ana), ['written today']);
    await dialog(ana).getByText('From whom and when').click();
    const from = dialog(ana).getByLabel('From (id)');
    await from.fill('bo');
    await becomes(() => hits(ana), []);
    await from.fill('ana');
    await becomes(() => hits(ana), ['written today']);
    const [after, before] = [dialog(ana).getByLabel('From this day on'), dialog(ana).getByLabel('Before this day')];
    // Days as the page counts them.
    const [today, tomorrow] = await ana.page.evaluate(() => [0, 1].map((days) => {
      const date = new Date();
      date.setDate(date.getDate() + days);
      return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
    }));
    const nothing = () => becomes(() => hits(ana), []);
    await after.fill(tomorrow);
    await nothing();
    await after.fill(today);
    await becomes(() => hits(ana), ['written today']);
    await before.fill(today);
    await nothing();
    await before.fill(tomorrow);
    await becomes(() => hits(ana), ['written today']);
  });

  test('what was read before a reload is found after it, though it is not loaded', async () => {
    const ana = await stage.person('ana');
    await written(stage.gateway, 'bo', 130);
    await becomes(() => ana.page.getByText('number 130.', { exact: true }).count(), 1);
    await ana.page.reload();
    await ana.isUp();
    await search(ana, '"number 3."');
    await becomes(() => hits(ana), ['number 3.']);
  });

  test('find in the conversation counts, goes round and gives the focus back', async () => {
    const ana = await stage.person('ana');
    for (const text of ['one apple', 'a pear', 'two apples', 'three']) await ana.send(text);
    await ana.page.keyboard.press('Control+f');
    const bar = ana.page.getByRole('search', { name: 'Find in this conversation' });
    const place = () => bar.getByRole('status').innerText();
    await bar.getByRole('searchbox').fill('apple');
    await becomes(place, '1 of 2');
    await becomes(() => ana.page.evaluate(() => CSS.highlights.get('found')?.size), 2);
    await ana.page.keyboard.press('Enter');
    await becomes(place, '2 of 2');
    await ana.page.keyboard.press('Enter');
    await becomes(place, '1 of 2');
    await ana.page.keyboard.press('Shift+Enter');
    await becomes(place, '2 of 2');
    await bar.getByRole('searchbox').fill('nowhere');
    await becomes(place, 'No matches');
    await ana.page.keyboard.press('Escape');
    await bar.waitFor({ state: 'hidden' });
    await becomes(() => ana.page.evaluate(() => CSS.highlights.get('found')?.size), 0);
    assert.equal(await ana.composer.evaluate((field) => field === document.activeElement), true);
  });

  test('find in the conversation finds what does not stand in the document, and goes there', async () => {
    const ana = await stage.person('ana');
    await ana.open('Everyone');
    await written(stage.gateway, 'bo', 200);
    const third = ana.page.locator('.message-text').getByText('number 3.', { exact: true });
    await ana.message('number 200.').waitFor();
    assert.equal(await third.count(), 0, 'the document holds the newest 150 at the most');
    await ana.page.keyboard.press('Control+f');
    const bar = ana.page.getByRole('search', { name: 'Find in this conversation' });
    await bar.getByRole('searchbox').fill('"number 3."');
    await becomes(() => bar.getByRole('status').innerText(), '1 of 1');
    await third.waitFor();
    await becomes(() => third.evaluate((text) => {
      const { top, bottom } = text.getBoundingClientRect();
      const list = document.querySelector('.timeline-scroll').getBoundingClientRect();
      return top >= list.top && bottom <= list.bottom;
    }), true);
  });

  test('keys of an input method are its own, in the bar and in the search', async () => {
    const ana = await stage.person('ana');
    await ana.send('東京に行く');
    /** A key while candidates are on offer, as Chromium tells it; whether the page took it. */
    const composing = (field, key) => field.evaluate((field, key) => !field.dispatchEvent(
      new KeyboardEvent('keydown', { key, isComposing: true, bubbles: true, cancelable: true }),
    ), key);
    await ana.page.keyboard.press('Control+f');
    const bar = ana.page.getByRole('search', { name: 'Find in this conversation' });
    const field = bar.getByRole('searchbox');
    await field.fill('東京');
    for (const key of ['Escape', 'Enter']) assert.equal(await composing(field, key), false, key);
    assert.ok(await bar.isVisible());
    await ana.page.keyboard.press('Escape');
    await bar.waitFor({ state: 'hidden' });
    await search(ana, '東京');
    await becomes(() => hits(ana), ['東京に行く']);
    const searchbox = dialog(ana).getByRole('searchbox');
    for (const key of ['ArrowDown', 'ArrowUp']) assert.equal(await composing(searchbox, key), false, key);
    assert.ok(await searchbox.evaluate((field) => field === document.activeElement));
    await ana.page.keyboard.press('ArrowDown');
    await becomes(() => dialog(ana).locator('button:focus').count(), 1);
  });
});

describe('saving a conversation as a file', () => {
  /** What is saved by the menu of the open conversation: the file's name, and its text. */
  async function saved(chat, format) {
    await chat.page.locator('.conversation-head').getByRole('button', { name: /^Options for/ }).click();
    await chat.page.getByRole('menuitem', { name: 'Export', exact: true }).click();
    const coming = chat.page.waitForEvent('download');
    await dialog(chat).getByRole('button', { name: format }).click();
    const download = await coming;
    await dialog(chat).waitFor({ state: 'hidden' });
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
  }

  const HOSTILE = '</div><script>document.title = "taken"</script> & &lt;i&gt; "quoted" \'so\'';
  const CODE = '`code & <b>`';

  test('every message is in it, in order, whatever was loaded, and nothing written is markup', async () => {
    const ana = await stage.person('ana');
    await written(stage.gateway, 'bo', 130);
    await becomes(() => ana.page.getByText('number 130.', { exact: true }).count(), 1);
    // Most of it is in storage alone then.
    await ana.page.reload();
    await ana.isUp();
    await ana.send(HOSTILE);
    await ana.send(CODE);
    await ana.hasState('Sent');
    const numbers = Array.from({ length: 130 }, (_, n) => `number ${n + 1}.`);

    const json = await saved(ana, 'JSON');
    assert.equal(json.name, 'Switchboard Everyone.json');
    const { conversation, saved_by: by, messages } = JSON.parse(json.text);
    assert.deepEqual([conversation, by], ['lobby', 'ana']);
    assert.deepEqual(messages.map(({ from, text }) => `${from}: ${text}`), [
      ...numbers.map((text) => `bo: ${text}`), `ana: ${HOSTILE}`, `ana: ${CODE}`,
    ]);

    const html = await saved(ana, 'Web page');
    assert.equal(html.name, 'Switchboard Everyone.html');
    const page = await ana.page.evaluate((text) => {
      const read = new DOMParser().parseFromString(text, 'text/html');
      return {
        texts: [...read.querySelectorAll('article > .text')].map((it) => it.textContent),
        code: read.querySelector('article:last-of-type code').textContent,
        elements: [...new Set([...read.body.querySelectorAll('*')].map((it) => it.localName))].sort(),
        title: read.title,
      };
    }, html.text);
    assert.deepEqual(page, {
      texts: [...numbers, HOSTILE, 'code & <b>'],
      code: 'code & <b>',
      elements: ['article', 'bdi', 'code', 'div', 'h1', 'h2', 'header', 'p'],
      title: 'Everyone',
    });

    const markdown = await saved(ana, 'Markdown');
    assert.equal(markdown.name, 'Switchboard Everyone.md');
    // A message is a quote; its marks are Markdown already, and `<` is all that could be HTML.
    const quoted = markdown.text.split('\n').filter((line) => line.startsWith('> ')).map((line) => line.slice(2).trimEnd());
    assert.deepEqual(quoted, [...numbers, HOSTILE, CODE].map((text) => text.replaceAll('<', '&lt;')));
    assert.equal(markdown.text.includes('<'), false);
  });

  test('an edit, a reply, a reaction and what was deleted are in it', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start('bo');
    await ana.send('helo');
    await bo.open('ana');
    const theirs = bo.message('helo');
    await theirs.hover();
    await theirs.getByRole('button', { name: 'Reply' }).click();
    await bo.send('to you too');
    await ana.shows('You: helo', 'bo: to you too');
    await ana.composer.press('ArrowUp');
    await ana.composer.fill('hello');
    await ana.composer.press('Enter');
    const edited = bo.page.getByRole('listitem').filter({ has: bo.button('edited') });
    await edited.hover();
    await edited.getByRole('button', { name: 'More actions' }).click();
    await bo.page.getByRole('menuitem', { name: 'React with 👍' }).click();
    await bo.send('a slip');
    await bo.message('a slip').focus();
    await bo.page.keyboard.press('Delete');
    await dialog(bo).getByRole('button', { name: 'Delete' }).click();
    await ana.page.getByText('This message was deleted.').waitFor();
    await ana.button('👍 1').waitFor();

    const { messages } = JSON.parse((await saved(ana, 'JSON')).text);
    const [hello, reply, slip] = messages;
    assert.deepEqual(messages.map(({ text }) => text), ['hello', 'to you too', '']);
    assert.deepEqual(hello.edits.map(({ text }) => text), ['helo']);
    assert.deepEqual(hello.reactions, [{ emoji: '👍', who: ['bo'] }]);
    assert.equal(reply.reply_to, hello.id);
    assert.equal(slip.deleted, true);
  });
});
