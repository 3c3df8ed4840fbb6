// Faults 76 to 80 and 91: reloads, closed tabs, doubled tabs, many tabs, and tabs without the
// means to talk to each other. No message is lost, none comes twice, each tab's order holds.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ChatPage } from '../support/chat-page.mjs';
import { faultScene } from '../support/fault-scene.mjs';
import { rowsOf } from '../support/storage.mjs';
import { becomes } from '../support/until.mjs';

const stage = faultScene();

const CONVERSATION = 'c:ana,bo';

/** From now on messages of this connection are dealt with by `deal`; everything else is served. */
function dealWithSends(connection, deal) {
  connection.onMessage = ({ json }) => {
    if (json.action === 'sendmessage') deal(json);
    else stage.log.answer(connection, connection.url.searchParams.get('userId'), json);
  };
}

describe('visits', () => {
  for (const [when, deal] of Object.entries({
    'before it was committed': () => {},
    'after it was committed': (frame) => stage.log.commit('ana', frame),
  })) {
    test(`fault 76: a reload with one in flight (${when}) and two queued`, async () => {
      const ana = await stage.ana({ clock: false });
      dealWithSends(stage.server.connections[0], deal);
      for (const text of ['one', 'two', 'three']) await ana.send(text);
      await stage.server.connections[0].hears('sendmessage');
      await ana.page.reload();
      await ana.isUp();
      await ana.open('bo');
      await ana.hasState('Sent');
      assert.deepEqual(stage.log.lines(CONVERSATION), ['ana: one', 'ana: two', 'ana: three']);
      await ana.shows('You: one', 'You: two', 'You: three');
      await becomes(() => rowsOf(ana.page, 'outbox'), []);
    });
  }

  test('fault 77: a tab killed when the message is written, before the composer clears', async () => {
    const ana = await stage.ana({
      clock: false,
      prepare: (page) => page.addInitScript(() => {
        // The message's transaction is complete, and the page never hears of it; of others it does.
        const { put } = IDBObjectStore.prototype;
        const ours = new WeakSet();
        IDBObjectStore.prototype.put = function store(value, ...more) {
          if (JSON.stringify(value).includes('nobody knows')) ours.add(this.transaction);
          return put.call(this, value, ...more);
        };
        const { set } = Object.getOwnPropertyDescriptor(IDBTransaction.prototype, 'oncomplete');
        Object.defineProperty(IDBTransaction.prototype, 'oncomplete', {
          configurable: true,
          set(hear) {
            set.call(this, hear && ((event) => {
              if (ours.has(this)) window.written = true;
              else hear.call(this, event);
            }));
          },
        });
      }),
    });
    const again = await stage.tab(ana, { clock: false });
    await ana.composer.fill('written, and nobody knows');
    await ana.composer.press('Enter');
    await becomes(() => ana.page.evaluate(() => window.written), true);
    assert.equal(await ana.composer.inputValue(), 'written, and nobody knows', 'not cleared yet');
    assert.deepEqual(stage.server.last.heard('sendmessage'), []);
    const killed = ana.page.waitForEvent('crash');
    ana.allows(/the page crashed/);
    const browser = await ana.page.context().newCDPSession(ana.page);
    browser.send('Page.crash').catch(() => {});
    await killed;
    await again.signIn();
    await again.open('bo');
    await again.shows('You: written, and nobody knows');
    await again.hasState('Sent');
    assert.equal(await again.composer.inputValue(), '');
    assert.deepEqual(stage.log.lines(CONVERSATION), ['ana: written, and nobody knows']);
  });

  test('fault 79: a duplicated tab, with the same session and the same outbox', async () => {
    const ana = await stage.ana({ clock: false });
    const texts = ['one', 'two', 'three', 'four'];
    dealWithSends(stage.server.connections[0], () => {});
    for (const text of texts) await ana.send(text);
    const opened = ana.page.waitForEvent('popup');
    // As a browser's "duplicate tab" does, this clones sessionStorage.
    await ana.page.evaluate(() => { window.open(location.href); });
    const twin = stage.adopt(new ChatPage(await opened));
    await twin.settled();
    await twin.isUp();
    stage.server.connections[0].reset();
    await ana.isUp();
    await twin.open('bo');
    for (const chat of [ana, twin]) {
      await chat.shows(...texts.map((text) => `You: ${text}`));
      await chat.hasState('Sent');
    }
    await twin.send('five, from the twin');
    await ana.shows(...texts.map((text) => `You: ${text}`), 'You: five, from the twin');
    assert.deepEqual(stage.log.texts(CONVERSATION).map(({ content }) => content), [...texts, 'five, from the twin']);
    const names = stage.server.connections.map((connection) => connection.heard('hello')[0]?.tab).filter(Boolean);
    assert.equal(new Set([names[0], names[1]]).size, 2, 'the twin has a name of its own');
  });

  test('fault 80: ten tabs send at once', async () => {
    // To somebody else each: a draft that one tab stores shows in the others' composers.
    const conversation = (index) => `c:ana,b${index}`;
    const first = await stage.visitor({ clock: false });
    await first.signIn({ user: 'ana' });
    const tabs = [first];
    while (tabs.length < 10) {
      const tab = await stage.tab(first, { clock: false });
      await tab.signIn({ user: 'ana' });
      tabs.push(tab);
    }
    for (const [index, tab] of tabs.entries()) await tab.start(`b${index}`);
    const numbers = [1, 2, 3, 4, 5];
    await Promise.all(tabs.map(async (tab, index) => {
      for (const number of numbers) await tab.send(`tab ${index} number ${number}`);
    }));
    const texts = (index) => numbers.map((number) => `tab ${index} number ${number}`);
    for (const [index, tab] of tabs.entries()) {
      await becomes(() => stage.log.lines(conversation(index)), texts(index).map((text) => `ana: ${text}`), 60_000);
      await tab.shows(...texts(index).map((text) => `You: ${text}`));
    }
    // Each tab has another's, too.
    for (const [index, tab] of tabs.entries()) {
      const other = (index + 1) % tabs.length;
      await tab.open(`b${other}`);
      await tab.shows(...texts(other).map((text) => `You: ${text}`));
    }
    await becomes(() => rowsOf(first.page, 'outbox'), []);
  });

  test('fault 91: without locks, channels and shared workers two tabs work as before', async () => {
    const without = (page) => page.addInitScript(() => {
      for (const name of ['BroadcastChannel', 'SharedWorker']) delete window[name];
      Object.defineProperty(Navigator.prototype, 'locks', { get: () => undefined });
      Object.defineProperty(Navigator.prototype, 'storage', { get: () => undefined });
      delete window.Notification;
    });
    const ana = await stage.ana({ clock: false, prepare: without });
    assert.equal(await ana.page.evaluate(() => typeof BroadcastChannel + typeof navigator.locks), 'undefinedundefined');
    const second = await stage.tab(ana, { clock: false, prepare: without });
    await second.signIn({ user: 'ana' });
    await second.start('bo');
    await ana.send('from the first');
    await second.shows('You: from the first');
    await second.send('from the second');
    await second.hasState('Sent');
    stage.log.post('bo', ['ana'], 'to both');
    for (const tab of [ana, second]) await tab.shows('You: from the first', 'You: from the second', 'bo: to both');
  });
});

