// The composer on the real gateway: drafts across reloads and tabs, input methods as Chromium
// really composes, edits and replies, a text in parts, undo, who is typing.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { inputMethod } from './support/input-method.mjs';
import { scene } from './support/scene.mjs';
import { becomes, until } from './support/until.mjs';

const stage = scene();

/** Every draft in the page's storage. */
const stored = (chat) => chat.page.evaluate(() => Object.entries(localStorage)
  .filter(([key]) => key.startsWith('switchboard.draft')).map(([, draft]) => JSON.parse(draft).text));

describe('drafts', () => {
  test('survive a reload, each in its conversation; a sent text does not come back', async () => {
    const ana = await stage.person('ana');
    await ana.composer.pressSequentially('half a thought');
    await ana.start('bo');
    assert.equal(await ana.composer.inputValue(), '');
    await ana.composer.fill('to bo\nin two lines');
    await ana.page.reload();
    await ana.isUp();
    await ana.open('Everyone');
    assert.equal(await ana.composer.inputValue(), 'half a thought');
    await ana.open('bo');
    assert.equal(await ana.composer.inputValue(), 'to bo\nin two lines');
    await ana.composer.press('Enter');
    await becomes(() => ana.composer.inputValue(), '');
    await becomes(() => stored(ana), ['half a thought']);
    await ana.page.reload();
    await ana.isUp();
    await ana.open('bo');
    assert.equal(await ana.composer.inputValue(), '');
    await ana.shows('You: to bo\nin two lines');
  });

  test('of two tabs follow each other, but not over what is being typed', async () => {
    const ana = await stage.person('ana');
    const twin = await stage.tab(ana.page.context());
    await twin.signIn({ user: 'ana' });
    await ana.composer.pressSequentially('from here');
    await becomes(() => twin.composer.inputValue(), 'from here');
    await twin.composer.press('Enter');
    await becomes(() => ana.composer.inputValue(), '');
    // What nobody has stored yet is nobody's to take.
    await ana.page.evaluate(() => {
      Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };
    });
    await ana.composer.fill('still typing');
    await twin.composer.fill('something else');
    await until('the twin has stored it', async () => (await stored(twin)).includes('something else'));
    await twin.composer.press('Enter');
    await becomes(() => twin.composer.inputValue(), '');
    assert.equal(await ana.composer.inputValue(), 'still typing');
  });
});

describe('input methods', () => {
  test('a composition goes on while a sent text leaves the field', async () => {
    const ana = await stage.person('ana');
    await ana.composer.focus();
    const { compose, commit } = await inputMethod(ana.page);
    await ana.composer.pressSequentially('one');
    await ana.composer.press('Enter');
    await compose('に');
    await compose('にほ');
    await becomes(() => ana.lines(), ['You: one']);
    assert.ok((await ana.composer.inputValue()).endsWith('にほ'), 'what is composed stands there');
    await commit('日本');
    await becomes(() => ana.composer.inputValue(), '日本');
    await ana.composer.press('Enter');
    await ana.shows('You: one', 'You: 日本');
  });

  test('Enter after a Hangul syllable sends it, once, and leaves nothing of it in the field', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start('bo');
    await ana.composer.focus();
    const { compose, commit, down, press } = await inputMethod(ana.page);
    const sent = [];
    for (const text of ['안녕', '하세요']) {
      const last = text.at(-1);
      await commit(text.slice(0, -1));
      await compose(last);
      // As Chrome tells it: the method's own Enter, the end of the syllable, and Enter as itself.
      await down(229);
      await commit(last);
      assert.equal(await ana.composer.inputValue(), text, 'not sent by the first');
      await press(13);
      await becomes(() => ana.composer.inputValue(), '');
      sent.push(text);
    }
    await ana.shows(...sent.map((text) => `You: ${text}`));
    await bo.open('ana');
    await bo.shows(...sent.map((text) => `ana: ${text}`));
  });

  test('a mention is picked by Enter only when nothing is composed', async () => {
    const [ana] = await stage.people('ana', 'bo', 'にこ');
    await becomes(() => ana.online(), ['bo', 'にこ']);
    await ana.composer.pressSequentially('@');
    const { compose, commit, press } = await inputMethod(ana.page);
    await compose('に');
    const option = ana.page.getByRole('option', { name: 'にこ' });
    await option.waitFor();
    await press(229);
    assert.equal(await ana.composer.inputValue(), '@に');
    await commit('に');
    await option.waitFor();
    await ana.composer.press('Enter');
    assert.equal(await ana.composer.inputValue(), '@にこ ');
    // As if it was typed.
    await ana.composer.press('Control+z');
    assert.equal(await ana.composer.inputValue(), '@に');
  });
});

describe('edits and replies', () => {
  test('↑ edits the last own message, and everybody sees the new text', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start('bo');
    await ana.send('helo');
    await ana.hasState('Delivered');
    await ana.composer.press('ArrowUp');
    assert.equal(await ana.composer.inputValue(), 'helo');
    await ana.composer.fill('hello');
    await ana.composer.press('Enter');
    await becomes(() => ana.composer.inputValue(), '');
    await bo.open('ana');
    await bo.shows('ana: hello');
    await ana.shows('You: hello');
  });

  test('an edit under way survives a reload, and Escape gives the draft back', async () => {
    const ana = await stage.person('ana');
    await ana.send('first');
    await ana.composer.press('ArrowUp');
    await ana.composer.fill('first, better');
    await ana.page.reload();
    await ana.isUp();
    await ana.page.getByText('Editing your message').waitFor();
    assert.equal(await ana.composer.inputValue(), 'first, better');
    await ana.composer.press('Escape');
    assert.equal(await ana.composer.inputValue(), '');
    assert.equal(await ana.page.getByText('Editing your message').isVisible(), false);
  });
});

describe('a long text', () => {
  test('of 40 KB is pasted, and sent in two parts in order', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start('bo');
    const text = Array.from({ length: 4_000 }, (_, n) => `line ${n}`).join('\r\n');
    assert.ok(text.length > 40_000);
    await ana.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await ana.page.evaluate((text) => navigator.clipboard.writeText(text), text);
    await ana.composer.press('Control+v');
    const lines = text.replaceAll('\r\n', '\n');
    await becomes(() => ana.composer.inputValue(), lines);
    await ana.button('Send in 2 parts').click();
    await becomes(() => ana.composer.inputValue(), '');
    await bo.open('ana');
    await becomes(async () => (await bo.timeline()).map(({ text }) => text).join('\n') === lines, true);
    assert.equal((await bo.timeline()).length, 2);
  });
});

describe('emoji', () => {
  const picker = (chat) => chat.page.getByRole('dialog', { name: 'Emoji', exact: true });

  test('are looked for, walked through by arrows, toned and put at the caret', async () => {
    const ana = await stage.person('ana');
    await ana.composer.fill('good day');
    for (const _ of ' day') await ana.composer.press('ArrowLeft');
    await ana.page.locator('.composer').getByRole('button', { name: 'Choose an emoji' }).click();
    const field = picker(ana).getByRole('searchbox', { name: 'Find emoji' });
    await becomes(() => field.evaluate((it) => it === document.activeElement), true);
    const cells = picker(ana).getByRole('gridcell');
    const focused = () => ana.page.evaluate(() => document.activeElement.getAttribute('aria-label'));
    await field.fill('cat');
    await becomes(() => cells.first().getAttribute('aria-label'), 'cat face');
    const names = await cells.evaluateAll((all) => all.map((it) => it.getAttribute('aria-label')));
    assert.ok(names.length > 9, `two rows of eight: ${names}`);
    for (const [key, name] of [
      ['ArrowDown', names[0]], ['ArrowRight', names[1]], ['ArrowDown', names[9]], ['Home', names[8]],
      ['ArrowLeft', names[7]], ['ArrowUp', 'Find emoji'],
    ]) {
      await ana.page.keyboard.press(key);
      assert.equal(await focused(), name, key);
    }
    await field.fill('wave');
    await becomes(() => cells.first().innerText(), '👋');
    await picker(ana).getByRole('radio', { name: 'Medium skin tone', exact: true }).check();
    await becomes(() => cells.first().innerText(), '👋🏽');
    await field.press('ArrowDown');
    await ana.page.keyboard.press('Enter');
    await picker(ana).waitFor({ state: 'hidden' });
    await becomes(() => ana.composer.inputValue(), 'good👋🏽 day');
    // One goes on writing behind it.
    await becomes(() => ana.composer.evaluate((it) => it === document.activeElement), true);
    await ana.page.keyboard.type('!');
    assert.equal(await ana.composer.inputValue(), 'good👋🏽! day');
    // The tone is kept, and what was used last stands first.
    await ana.page.reload();
    await ana.isUp();
    await ana.page.locator('.composer').getByRole('button', { name: 'Choose an emoji' }).click();
    await becomes(() => cells.first().innerText(), '👋🏽');
    await becomes(() => picker(ana).getByRole('radio', { checked: true }).getAttribute('aria-label'), 'Medium skin tone');
  });

  test('a code becomes its emoji with the second colon, but not in code', async () => {
    const ana = await stage.person('ana');
    // That something is offered says that the book is here.
    await ana.composer.pressSequentially('so :smil');
    await ana.page.getByRole('option', { name: '😄' }).waitFor();
    await ana.composer.pressSequentially('e: and `:smile:`');
    assert.equal(await ana.composer.inputValue(), 'so 😄 and `:smile:`');
  });
});

describe('typing', () => {
  const isTyping = async (chat) => (await chat.page.locator('.typing').innerText()).replace(/[\u2068\u2069]/g, '').trim();

  test('is told to the others, until the message is there', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start('bo');
    await ana.send('hi');
    await bo.open('ana');
    await ana.composer.pressSequentially('I am');
    await becomes(() => isTyping(bo), 'ana is typing…');
    await ana.composer.press('Enter');
    await bo.shows('ana: hi', 'ana: I am');
    await becomes(() => isTyping(bo), '');
  });

  test('is kept to oneself where one wants that, and told again where not', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.turn({ 'Show others when I am typing': false });
    await ana.start('bo');
    await ana.send('hi');
    await bo.open('ana');
    await bo.page.keyboard.press('F8');
    await ana.composer.pressSequentially('I am');
    await ana.composer.press('Enter');
    // A message ends what is said of its writer: what came before it is told by the frames alone.
    await bo.shows('ana: hi', 'ana: I am');
    const signals = async () => (await bo.frames()).filter((frame) => frame === 'received signal').length;
    assert.equal(await signals(), 0);
    await ana.turn({ 'Show others when I am typing': true });
    await ana.composer.pressSequentially('well');
    await becomes(() => isTyping(bo), 'ana is typing…');
    await becomes(signals, 1);
  });
});

describe('reading', () => {
  test('is kept to oneself where one wants that, and told again where not', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await bo.turn({ 'Show others what I have read': false });
    await ana.start('bo');
    await ana.send('for your eyes');
    const title = () => bo.page.title();
    await becomes(title, '(1) Everyone – Switchboard');
    await bo.open('ana');
    await becomes(title, 'ana – Switchboard');
    // Whoever has read tells so before what they write next.
    await bo.send('what a view');
    await ana.shows('You: for your eyes', 'bo: what a view');
    const states = async () => (await ana.timeline()).map(({ state }) => state).filter(Boolean);
    assert.deepEqual(await states(), ['Delivered']);
    await bo.turn({ 'Show others what I have read': true });
    await ana.send('and this');
    await becomes(states, ['Read', 'Read']);
  });
});
