// What draws attention to a message one does not look at: a sound and a notification, each once
// however many tabs there are, and neither from what is muted.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { attentionOf, watchAttention } from './support/attention.mjs';
import { faultScene } from './support/fault-scene.mjs';
import { becomes } from './support/until.mjs';

const stage = faultScene();

const SOUND = '/message.wav';
const watched = { clock: false, prepare: watchAttention };

/** ana's page in her conversation with bo; the browser lets it notify. What cy writes she does not look at. */
const ana = () => stage.ana({ ...watched, permissions: ['notifications'] });

const notes = async (chat) => (await attentionOf(chat)).notes;

/** All tabs together have played this often. */
const sounds = async (...tabs) => (await Promise.all(tabs.map(attentionOf))).flatMap((it) => it.sounds).length;

/** Each tab has been told by the database of so many messages whether it is to draw attention to them. */
const answered = (count, ...tabs) => becomes(async () => (await Promise.all(tabs.map(attentionOf))).map(({ claims }) => claims), tabs.map(() => count));

describe('a message elsewhere', () => {
  test('makes no sound before one wants it, one a message then, and none when one does not any more', async () => {
    const chat = await ana();
    stage.log.post('cy', ['ana'], 'one');
    // A sound would be asked for before the notification is shown.
    await becomes(() => notes(chat), ['cy: one']);
    assert.equal(await sounds(chat), 0);
    await chat.turn({ 'Play a sound': true });
    for (const [text, count] of [['two', 1], ['three', 2]]) {
      stage.log.post('cy', ['ana'], text);
      await becomes(async () => (await attentionOf(chat)).played, count);
    }
    assert.deepEqual((await attentionOf(chat)).sounds, [SOUND, SOUND]);
    await chat.turn({ 'Play a sound': false });
    stage.log.post('cy', ['ana'], 'four');
    await becomes(() => notes(chat), ['cy: one', 'cy: two', 'cy: three', 'cy: four']);
    assert.equal(await sounds(chat), 2);
  });

  test('makes one sound and one notification in two tabs, and none where one of them shows it', async () => {
    const chat = await ana();
    await chat.turn({ 'Play a sound': true });
    const other = await stage.tab(chat, watched);
    await other.signIn({ user: 'ana' });
    await other.start('bo');
    const both = [chat, other];
    const said = [];
    for (const from of ['cy', 'dan', 'cy']) {
      said.push(`${from}: number ${said.length + 1}`);
      stage.log.post(from, ['ana'], `number ${said.length}`);
      await answered(said.length, ...both);
      assert.equal(await sounds(...both), said.length);
      const all = (await Promise.all(both.map(notes))).flat();
      assert.deepEqual(all.sort(), [...said].sort());
    }
    await other.open('cy');
    stage.log.post('cy', ['ana'], 'seen there');
    await other.shows('cy: number 1', 'cy: number 3', 'cy: seen there');
    await answered(said.length + 1, ...both);
    assert.equal(await sounds(...both), said.length);
    assert.equal((await Promise.all(both.map(notes))).flat().length, said.length);
  });

  test('is on the screen until its conversation has been read', async () => {
    const chat = await ana();
    const closed = async () => (await attentionOf(chat)).closed;
    for (const from of ['cy', 'dan']) {
      stage.log.post(from, ['ana'], 'hello');
      await becomes(async () => (await notes(chat)).includes(`${from}: hello`), true);
      await chat.conversation(from).locator('.badge:not([hidden])').waitFor();
    }
    assert.deepEqual(await closed(), []);
    await chat.open('cy');
    await becomes(closed, ['cy: hello']);
    await chat.choose('dan', 'Mark as read');
    await becomes(closed, ['cy: hello', 'dan: hello']);
  });

  test('draws no attention where its conversation is muted, until it is not any more', async () => {
    const chat = await ana();
    await chat.turn({ 'Play a sound': true });
    stage.log.post('cy', ['ana'], 'one');
    await becomes(() => notes(chat), ['cy: one']);
    await chat.choose('cy', 'Mute');
    stage.log.post('cy', ['ana'], 'two');
    // As long in coming as that of cy's message before it would have been.
    stage.log.post('dan', ['ana'], 'three');
    await becomes(() => notes(chat), ['cy: one', 'dan: three']);
    assert.equal(await sounds(chat), 2);
    await chat.conversation('cy').getByText('two').waitFor();
    await chat.choose('cy', 'Unmute');
    stage.log.post('cy', ['ana'], 'four');
    await becomes(() => notes(chat), ['cy: one', 'dan: three', 'cy: four']);
    assert.equal(await sounds(chat), 3);
  });
});
