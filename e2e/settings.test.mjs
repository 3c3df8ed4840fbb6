// The settings: in force at once and after a reload; what this browser keeps, told, cleared, saved as a
// file, erased.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';

import { attentionOf, watchAttention } from './support/attention.mjs';
import { faultScene } from './support/fault-scene.mjs';
import { mute } from './support/plays.mjs';
import { rowsOf } from './support/storage.mjs';
import { becomes, until } from './support/until.mjs';

const stage = faultScene();

/** ana's page, with messages of two conversations in its storage. */
async function kept(options) {
  const ana = await stage.ana({ clock: false, ...options });
  stage.log.post('bo', ['ana'], 'from bo');
  await ana.send('to bo');
  await ana.open('Everyone');
  await ana.send('to everyone');
  await ana.hasState('Sent');
  await becomes(async () => (await rowsOf(ana.page, 'messages')).filter((row) => row.includes('"text"')).length, 3);
  return ana;
}

/** What of the browser's storage has a name, but for the databases. */
const names = (chat) => chat.page.evaluate(async () => ({
  local: Object.keys(localStorage), session: Object.keys(sessionStorage), caches: await caches.keys(),
}));

describe('what is set', () => {
  const radio = (dialog, group, name) => dialog.getByRole('group', { name: group }).getByRole('radio', { name, exact: true });

  /** How large a message's letters are, and how high the first row of the list is, in pixels. */
  const sizes = async (chat) => ({
    letters: parseFloat(await chat.message('for size').locator('.message-text').evaluate((text) => getComputedStyle(text).fontSize)),
    row: (await chat.conversation('Everyone').boundingBox()).height,
  });

  test('the theme changes the page behind the settings, and a reload keeps it', async () => {
    const ana = await stage.ana({ clock: false, colorScheme: 'light' });
    const shade = () => ana.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await shade();
    const dialog = await ana.settings();
    await radio(dialog, 'Theme', 'Dark').check();
    const dark = await shade();
    assert.notEqual(dark, light);
    await ana.page.reload();
    await ana.isUp();
    await becomes(shade, dark);
    const again = await ana.settings();
    assert.ok(await radio(again, 'Theme', 'Dark').isChecked());
    await radio(again, 'Theme', 'Light').check();
    await ana.page.emulateMedia({ colorScheme: 'dark' });
    assert.equal(await shade(), light);
    await radio(again, 'Theme', 'System').check();
    assert.equal(await shade(), dark);
  });

  test('the size of texts and the density change the page behind the settings, and a reload keeps them', async () => {
    const ana = await stage.ana({ clock: false });
    await ana.send('for size');
    await ana.message('for size').waitFor();
    const dialog = await ana.settings();
    const before = await sizes(ana);
    const seen = [before];
    for (const [name, part] of [['Small', 84], ['Large', 107], ['Huge', 125]]) {
      await radio(dialog, 'Text size', name).check();
      const now = await sizes(ana);
      assert.ok(Math.abs(now.letters / before.letters - part / 93.75) < 0.01, `${name}: ${now.letters} px, ${before.letters} px before`);
      assert.ok(seen.every(({ row }) => row !== now.row), `${name}: a row is ${now.row} px high`);
      seen.push(now);
    }
    await radio(dialog, 'Density', 'Compact').check();
    const compact = await sizes(ana);
    assert.equal(compact.letters, seen.at(-1).letters);
    assert.ok(compact.row < seen.at(-1).row, `${compact.row} px instead of ${seen.at(-1).row}`);
    await ana.page.reload();
    await ana.isUp();
    await ana.message('for size').waitFor();
    assert.deepEqual(await sizes(ana), compact);
    const again = await ana.settings();
    for (const [group, name] of [['Text size', 'Huge'], ['Density', 'Compact']]) {
      assert.ok(await radio(again, group, name).isChecked(), `${group}: ${name}`);
    }
  });

  test('Enter breaks the line where one wants that, Ctrl+Enter sends then, and the composer says so', async () => {
    const ana = await stage.ana({ clock: false });
    const help = (text) => ana.page.locator('#message-help').getByText(text).waitFor();
    await help('Enter sends, Shift+Enter starts a new line');
    await ana.composer.pressSequentially('first');
    await ana.turn({ 'Enter sends the message': false });
    for (const line of ['second', 'third']) {
      await help('Ctrl+Enter sends, Enter starts a new line');
      await ana.composer.press('Enter');
      await ana.composer.pressSequentially(line);
      // The draft comes back too.
      await ana.page.reload();
      await ana.isUp();
    }
    await becomes(() => ana.composer.inputValue(), 'first\nsecond\nthird');
    await ana.composer.press('Control+Enter');
    await becomes(() => stage.log.lines('c:ana,bo'), ['ana: first\nsecond\nthird']);
    await ana.turn({ 'Enter sends the message': true });
    await ana.send('by Enter again');
    await becomes(() => stage.log.lines('c:ana,bo').at(-1), 'ana: by Enter again');
  });

  test('notifications and the sound are each turned on and off at once, and a reload keeps it', async () => {
    const ana = await stage.ana({ clock: false, prepare: watchAttention, permissions: ['notifications'] });
    await ana.turn({ 'Notify me of new messages': false, 'Play a sound': true });
    const told = async () => {
      const { notes, sounds } = await attentionOf(ana);
      return { notes, sounds: sounds.length };
    };
    stage.log.post('cy', ['ana'], 'one');
    // A notification would be shown in the same task.
    await becomes(told, { notes: [], sounds: 1 });
    await ana.page.reload();
    await ana.isUp();
    stage.log.post('cy', ['ana'], 'two');
    await becomes(told, { notes: [], sounds: 1 });
    await ana.turn({ 'Notify me of new messages': true, 'Play a sound': false });
    stage.log.post('cy', ['ana'], 'three');
    await becomes(told, { notes: ['cy: three'], sounds: 1 });
    await ana.page.reload();
    await ana.isUp();
    stage.log.post('cy', ['ana'], 'four');
    await becomes(told, { notes: ['cy: four'], sounds: 0 });
  });
});

describe('what this browser keeps', () => {
  test('is measured, and cleared but for what is unsent and set', async () => {
    const ana = await kept();
    await ana.turn({ 'Show others when I am typing': false });
    await ana.open('bo');
    stage.server.last.onMessage = () => {};
    await ana.send('not confirmed');
    await until('it waits', async () => (await rowsOf(ana.page, 'outbox')).length === 1);
    const settings = await ana.settings();
    await settings.getByText(/^About [1-9][\d,]* KB are used\.$/).waitFor();
    await settings.getByRole('button', { name: 'Clear history' }).click();
    await ana.page.getByText('History cleared').first().waitFor();
    for (const store of ['messages', 'logs', 'marks']) assert.deepEqual(await rowsOf(ana.page, store), [], store);
    // From a server that says nothing comes only what the browser still has.
    stage.server.plays(mute);
    await ana.page.reload();
    await ana.shows('You: not confirmed');
    await ana.open('Everyone');
    await ana.page.getByText('No messages yet.').waitFor();
    const again = await ana.settings();
    await becomes(() => again.getByRole('switch', { name: 'Show others when I am typing' }).isChecked(), false);
    // What was cleared is the server's to tell, and what was written meanwhile goes there.
    await ana.page.reload();
    await ana.isUp();
    await ana.shows('You: to everyone');
    await ana.open('bo');
    await ana.shows('bo: from bo', 'You: to bo', 'You: not confirmed');
    await ana.hasState('Sent');
  });

  test('is saved in one file, every conversation of it', async () => {
    const ana = await kept();
    await ana.start('cy', 'bo');
    await ana.send('to both');
    await ana.hasState('Sent');
    const settings = await ana.settings();
    const coming = ana.page.waitForEvent('download');
    await settings.getByRole('button', { name: 'Save all messages' }).click();
    const download = await coming;
    assert.equal(download.suggestedFilename(), 'switchboard-messages.json');
    const all = JSON.parse(await readFile(await download.path(), 'utf8'));
    const told = all.map(({ conversation, messages }) => [conversation, messages.map(({ from, text }) => `${from}: ${text}`)]);
    assert.deepEqual(Object.fromEntries(told), {
      'lobby': ['ana: to everyone'], 'c:ana,bo': ['bo: from bo', 'ana: to bo'], 'c:ana,bo,cy': ['ana: to both'],
    });
    assert.equal(told.length, 3);
  });

  test('is erased when one says so twice, and the connect form is all there is', async () => {
    const ana = await kept({ keeps: true });
    await until('the page is kept', () => ana.page.evaluate(() => navigator.serviceWorker.controller !== null));
    await ana.turn({ 'Show others when I am typing': false });
    await ana.composer.fill('a draft');
    await becomes(async () => (await names(ana)).local.some((name) => name.startsWith('switchboard.draft')), true);
    await ana.page.evaluate(async () => {
      // Of another app on the same origin; and a mark on ours, as the page loaded anew keeps its files again.
      localStorage.setItem('another', 'app');
      sessionStorage.setItem('another', 'app');
      await caches.open('another');
      const [ours] = (await caches.keys()).filter((name) => name.startsWith('switchboard'));
      await (await caches.open(ours)).put('/of-before', new Response('here'));
    });
    const settings = await ana.settings();
    const ask = settings.getByRole('button', { name: 'Erase everything', exact: true });
    await ask.click();
    await settings.getByText('This cannot be undone.').waitFor();
    await settings.getByRole('button', { name: 'Cancel', exact: true }).click();
    await settings.getByText('This cannot be undone.').waitFor({ state: 'detached' });
    assert.equal(await ask.evaluate((it) => it === document.activeElement), true, 'the focus is not lost');
    await ask.click();
    await settings.getByText('This cannot be undone.').waitFor();
    assert.notDeepEqual(await rowsOf(ana.page, 'messages'), [], 'nothing is erased yet');
    assert.equal(await ana.page.evaluate(async () => Boolean(await caches.match('/of-before'))), true);
    const loaded = ana.page.waitForEvent('load');
    await settings.getByRole('button', { name: 'Erase everything now', exact: true }).click();
    await loaded;
    await ana.settled();
    await ana.button('Connect').waitFor();
    await becomes(() => ana.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name)), []);
    const { local, session, caches } = await names(ana);
    assert.deepEqual({ local, session }, { local: ['another'], session: ['another'] });
    assert.ok(caches.includes('another'));
    assert.equal(await ana.page.evaluate(async () => Boolean(await globalThis.caches.match('/of-before'))), false);
    assert.equal(await ana.page.locator('#user').inputValue(), '');
    // Signed in again, only what the server has is there.
    await ana.signIn({ user: 'ana' });
    await ana.open('bo');
    await ana.shows('bo: from bo', 'You: to bo');
    await ana.open('Everyone');
    await ana.shows('You: to everyone');
    await becomes(() => ana.composer.inputValue(), '');
    const again = await ana.settings();
    await becomes(() => again.getByRole('switch', { name: 'Show others when I am typing' }).isChecked(), true);
  });

  test('is erased in every tab', async () => {
    const ana = await kept();
    const other = await stage.tab(ana, { clock: false });
    await other.signIn({ user: 'ana' });
    await other.open('bo');
    await other.composer.fill('a draft of the other tab');
    await becomes(async () => (await names(other)).local.some((name) => name.startsWith('switchboard.draft')), true);
    const settings = await ana.settings();
    await settings.getByRole('button', { name: 'Erase everything', exact: true }).click();
    await settings.getByRole('button', { name: 'Erase everything now', exact: true }).click();
    for (const tab of [other, ana]) await tab.button('Connect').waitFor();
    await becomes(async () => {
      const { local, session } = await names(other);
      return [...local, ...session];
    }, []);
    // Signed in again, only what the server has is there.
    await other.signIn({ user: 'ana' });
    await other.open('bo');
    await other.shows('bo: from bo', 'You: to bo');
    assert.equal(await other.composer.inputValue(), '');
  });
});
