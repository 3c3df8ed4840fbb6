// Two and three people on the real gateway: what they write and what becomes of it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { SOCKET_FAILED, delivered } from './support/chat-page.mjs';
import { scene } from './support/scene.mjs';
import { becomes, until } from './support/until.mjs';

const stage = scene();

describe('conversations', () => {
  test('direct: each sees the other, and the sender sees it delivered', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await becomes(() => ana.online(), ['bo']);
    await ana.start('bo');
    await ana.send('Hello, Bo');
    await ana.hasState('Delivered');
    await bo.open('ana');
    await bo.shows('ana: Hello, Bo');
    await bo.send('Hello, Ana');
    await bo.hasState('Delivered');
    await ana.shows('You: Hello, Bo', 'bo: Hello, Ana');
    await bo.shows('ana: Hello, Bo', 'You: Hello, Ana');
  });

  test('group: everyone chosen gets it, nobody else does', async () => {
    const [ana, bo, cy, di] = await stage.people('ana', 'bo', 'cy', 'di');
    await ana.start('bo', 'cy');
    await ana.send('the three of us');
    await ana.hasState('Delivered to all 2');
    await bo.open('ana, cy');
    await cy.open('ana, bo');
    await cy.send('indeed');
    for (const chat of [ana, bo]) await becomes(async () => (await chat.lines()).at(-1), 'cy: indeed');
    await bo.shows('ana: the three of us', 'cy: indeed');
    assert.equal((await di.conversations()).includes('ana, bo, cy'), false);
    await di.start('bo');
    await di.send('a fence');
    await di.hasState('Delivered');
    assert.deepEqual((await di.conversations()).sort(), ['Everyone', 'bo']);
  });

  test('everyone: all who are here get it, and who comes later reads it', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start();
    await ana.send('to all of you');
    await bo.open('Everyone');
    await bo.shows('ana: to all of you');
    const cy = await stage.person('cy');
    await cy.open('Everyone');
    await cy.shows('ana: to all of you');
    await cy.send('late, but here');
    for (const chat of [ana, bo]) await chat.shows(...(chat === ana ? ['You: to all of you'] : ['ana: to all of you']), 'cy: late, but here');
  });

  test('people can be picked, and an id can be pressed in the sidebar', async () => {
    const [ana, bo, cy] = await stage.people('ana', 'bo', 'cy');
    await becomes(() => ana.online(), ['bo', 'cy']);
    await ana.button('New message').first().click();
    const dialog = ana.page.getByRole('dialog', { name: 'To whom?' });
    await dialog.getByRole('option', { name: 'bo' }).click();
    await dialog.getByRole('option', { name: 'cy' }).click();
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    await ana.page.getByRole('heading', { level: 2, name: 'bo, cy' }).waitFor();
    await bo.page.getByRole('button', { name: 'cy', exact: true }).click();
    await bo.send('pressed');
    await cy.open('bo');
    await cy.shows('bo: pressed');
  });

  test('who leaves is no longer online', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await becomes(() => ana.online(), ['bo']);
    await bo.button('Sign out').click();
    await bo.button('Connect').waitFor();
    await becomes(() => ana.online(), []);
    await ana.page.getByText('Nobody else is online.').first().waitFor();
  });

  test('unread messages are counted until the conversation is opened', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start('bo');
    for (const text of ['one', 'two', 'three']) await ana.send(text);
    await bo.conversation('ana').getByText('3 unread messages').waitFor();
    await bo.open('ana');
    await bo.shows('ana: one', 'ana: two', 'ana: three');
    await bo.conversation('ana').getByText('3 unread messages').waitFor({ state: 'hidden' });
  });
});

describe('the state of an own message', () => {
  test('to somebody absent: sent, and delivered once they have caught up', async () => {
    const ana = await stage.person('ana');
    await ana.start('bo', 'cy');
    await ana.send('for later');
    await ana.hasState('Sent');
    const bo = await stage.person('bo');
    await bo.open('ana, cy');
    await bo.shows('ana: for later');
    await ana.hasState('Delivered to 1 of 2');
    const cy = await stage.person('cy');
    await cy.open('ana, bo');
    await ana.hasState('Delivered to all 2');
  });

  test('where storage is full it is sent all the same, and the page says what that means', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start('bo');
    await ana.page.evaluate(() => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
    });
    await ana.send('not on disk here');
    await ana.hasState('Delivered');
    await ana.page.getByText('Keep this page open until everything is sent').waitFor();
    await bo.open('ana');
    await bo.shows('ana: not on disk here');
  });

  test('written while the gateway is away: waits visibly, goes out once', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    for (const chat of [ana, bo]) chat.allows(SOCKET_FAILED);
    // Nothing is ever unread, no badge in the tab: it would be fetched from where nobody is.
    await bo.start('ana');
    await ana.start('bo');
    await ana.send('before');
    await ana.hasState('Delivered');
    await stage.gateway.kill();
    await ana.isDown();
    await ana.send('during');
    await ana.hasState('Waiting to be sent');
    await ana.banner.getByText('1 message waits to be sent').waitFor();
    await stage.gateway.startAgain();
    await ana.hasState('Delivered');
    await ana.shows('You: before', 'You: during');
    await bo.shows('ana: before', 'ana: during');
  });
});

describe('several tabs and visits', () => {
  test('a second tab of the same person shows own messages, each once', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    const second = await stage.tab(ana.page.context());
    await second.signIn({ user: 'ana' });
    await ana.start('bo');
    await ana.send('from the first tab');
    await second.open('bo');
    await second.shows('You: from the first tab');
    await second.send('from the second tab');
    for (const chat of [ana, second]) await chat.shows('You: from the first tab', 'You: from the second tab');
    await bo.open('ana');
    await bo.shows('ana: from the first tab', 'ana: from the second tab');
  });

  test('closing one tab does not take the person offline', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    const second = await stage.tab(ana.page.context());
    await second.signIn({ user: 'ana' });
    await second.page.close();
    await becomes(() => stage.gateway.connections(), 2);
    await bo.start('ana');
    await bo.send('still there?');
    await bo.hasState('Delivered');
    assert.deepEqual(await bo.online(), ['ana']);
  });

  test('a reload keeps the session and the history, and goes on', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start('bo');
    for (const text of ['one', 'two', 'three']) await ana.send(text);
    await bo.open('ana');
    await bo.send('four');
    await becomes(async () => (await ana.lines()).length, 4);
    await ana.page.reload();
    await ana.isUp();
    await ana.open('bo');
    await ana.shows('You: one', 'You: two', 'You: three', 'bo: four');
    await ana.send('five');
    await bo.shows('ana: one', 'ana: two', 'ana: three', 'You: four', 'ana: five');
    // Deliveries are not stored; the next one tells how far everything before it got.
    await becomes(async () => (await ana.timeline()).map(({ state }) => state && delivered(state)), [
      'Delivered', 'Delivered', 'Delivered', undefined, 'Delivered',
    ]);
  });

  test('an unsent message survives the page and goes out at the next visit', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start('bo');
    await ana.send('sent');
    await ana.hasState('Delivered');
    // Only ana's way to the gateway is cut; the page itself stays reachable.
    const gone = (socket) => socket.close({ code: 1001 });
    await ana.page.routeWebSocket(/\/dev/, gone);
    await ana.page.reload();
    await ana.isDown();
    await ana.start('bo');
    await ana.send('unsent');
    await ana.hasState('Waiting to be sent');
    const context = ana.page.context();
    await ana.page.close();
    const again = await stage.tab(context);
    await again.signIn();
    await again.open('bo');
    await again.shows('You: sent', 'You: unsent');
    await again.hasState('Delivered');
    await bo.open('ana');
    await bo.shows('ana: sent', 'ana: unsent');
  });
});

describe('a gateway killed in the middle of a conversation', () => {
  test('nothing is lost, duplicated or reordered on either page', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    for (const chat of [ana, bo]) chat.allows(SOCKET_FAILED);
    // As above.
    await bo.start('ana');
    await ana.start('bo');
    await ana.send('a0');
    const talk = async (chat, letter) => {
      for (let n = 1; n <= 12; n += 1) await chat.send(`${letter}${n}`);
    };
    const talking = Promise.all([talk(ana, 'a'), talk(bo, 'b')]);
    for (let round = 0; round < 2; round += 1) {
      await stage.gateway.kill();
      await stage.gateway.startAgain();
    }
    await talking;
    const bare = async (chat) => (await chat.lines()).map((line) => line.split(': ')[1]);
    const expected = (letter, from) => Array.from({ length: 13 - from }, (_, n) => `${letter}${n + from}`);
    for (const chat of [ana, bo]) {
      await until('every message on the page', async () => (await chat.lines()).length >= 25, 40_000);
      await becomes(async () => (await chat.timeline()).filter(({ state }) => state !== undefined && delivered(state) !== 'Delivered'), [], 40_000);
      const lines = await bare(chat);
      assert.equal(lines.length, 25);
      for (const [letter, from] of [['a', 0], ['b', 1]]) {
        assert.deepEqual(lines.filter((line) => line.startsWith(letter)), expected(letter, from));
      }
    }
    assert.deepEqual(await bare(ana), await bare(bo), 'the same order on both pages');
  });
});
