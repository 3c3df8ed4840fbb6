// Fault 87: signing out while messages wait to be sent.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { faultScene } from '../support/fault-scene.mjs';
import { rowsOf } from '../support/storage.mjs';
import { becomes } from '../support/until.mjs';

const stage = faultScene();

const CONVERSATION = 'c:ana,bo';

/** ana's page with two messages that nobody confirms, and the question that signing out brings. */
async function asked() {
  const ana = await stage.ana({ clock: false });
  const [connection] = stage.server.connections;
  connection.onMessage = () => {};
  for (const text of ['one', 'two']) await ana.send(text);
  await ana.button('Sign out').click();
  const question = ana.page.getByRole('dialog', { name: '2 messages are not sent yet' });
  await question.waitFor();
  return { ana, question };
}

/** Signs in as `user` in the same browser. */
async function signIn(chat, user) {
  await chat.button('Connect').waitFor();
  await chat.signIn({ user });
}

describe('signing out', () => {
  test('fault 87: asked first, the person can stay', async () => {
    const { ana, question } = await asked();
    await question.getByRole('button', { name: 'Stay' }).click();
    await question.waitFor({ state: 'hidden' });
    await ana.isUp();
    await ana.shows('You: one', 'You: two');
    await ana.button('Sign out').click();
    await question.waitFor();
    await ana.page.keyboard.press('Escape');
    await question.waitFor({ state: 'hidden' });
    await ana.isUp();
    assert.equal(stage.server.connections.length, 1);
  });

  test('fault 87: kept, they are sent when the same person comes back, and nobody else sees them', async () => {
    const { ana, question } = await asked();
    await question.getByRole('button', { name: 'Sign out and keep them' }).click();
    await signIn(ana, 'eve');
    await becomes(() => ana.conversations(), ['Everyone']);
    await ana.button('Sign out').click();
    assert.deepEqual(stage.log.lines(CONVERSATION), []);
    await signIn(ana, 'ana');
    await ana.open('bo');
    await ana.shows('You: one', 'You: two');
    await ana.hasState('Sent');
    assert.deepEqual(stage.log.lines(CONVERSATION), ['ana: one', 'ana: two']);
  });

  test('fault 87: deleted, they are gone for good', async () => {
    const { ana, question } = await asked();
    await question.getByRole('button', { name: 'Sign out and delete them' }).click();
    await signIn(ana, 'ana');
    await becomes(() => rowsOf(ana.page, 'outbox'), []);
    await ana.start('bo');
    await ana.shows();
    await ana.send('a fresh start');
    await ana.hasState('Sent');
    assert.deepEqual(stage.log.lines(CONVERSATION), ['ana: a fresh start']);
  });
});
