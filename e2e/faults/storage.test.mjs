// Faults 81 to 86: a browser whose storage is full, wedged, missing, blocked, evicted or broken.
// Whatever it does, the chat goes on, and the page says what is not kept.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { faultScene } from '../support/fault-scene.mjs';
import { databaseName, pendingRow, putRows, rowsOf } from '../support/storage.mjs';
import { becomes } from '../support/until.mjs';

const stage = faultScene();

const KEEP_OPEN = 'Keep this page open until everything is sent';
const NO_STORAGE = /This browser’s storage cannot be used/;

const warnsThatNothingIsKept = (chat) => chat.page.getByText(KEEP_OPEN).waitFor();

describe('storage', () => {
  test('fault 81: with the quota used up a message is sent all the same, and the page warns', async () => {
    const ana = await stage.ana({
      clock: false,
      // From the start: after the first write Chromium goes by the room there was, for 30 s.
      prepare: async (page) => {
        const browser = await page.context().newCDPSession(page);
        const { origin } = new URL(stage.server.url);
        await browser.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
      },
    });
    await ana.send('no room on this disk');
    await ana.hasState('Sent');
    await warnsThatNothingIsKept(ana);
    await ana.send('nor for this');
    await ana.hasState('Sent');
    assert.deepEqual(stage.log.lines('c:ana,bo'), ['ana: no room on this disk', 'ana: nor for this']);
    await ana.page.reload();
    await ana.isUp();
    await ana.open('bo');
    await ana.shows('You: no room on this disk', 'You: nor for this');
  });

  test('fault 82: a database that refuses to be written to is opened once more, and all is well', async () => {
    // As Firefox's after the disk was full: read-only until it is closed and opened again.
    const ana = await stage.ana({
      clock: false,
      prepare: (page) => page.addInitScript(() => {
        const { transaction } = IDBDatabase.prototype;
        const wedged = new WeakSet();
        window.wedge = () => { window.wedging = true; };
        IDBDatabase.prototype.transaction = function begin(...words) {
          if (window.wedging) {
            window.wedging = false;
            wedged.add(this);
          }
          if (wedged.has(this)) throw new DOMException('wedged', 'InvalidStateError');
          return transaction.apply(this, words);
        };
      }),
    });
    await ana.page.evaluate(() => window.wedge());
    await ana.send('written at the second try');
    await ana.hasState('Sent');
    assert.equal(await ana.page.getByText(KEEP_OPEN).isVisible(), false);
    await ana.page.evaluate(() => window.wedge());
    stage.server.connections[0].onMessage = () => {};
    await ana.send('so it survives');
    const kept = (await rowsOf(ana.page, 'outbox')).map((row) => JSON.parse(row).text);
    assert.deepEqual(kept, ['so it survives']);
  });

  for (const [how, take] of Object.entries({
    'there is none': () => Object.defineProperty(window, 'indexedDB', { get: () => undefined }),
    'open throws': () => {
      IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };
    },
    'open fails': () => {
      const { open } = IDBFactory.prototype;
      IDBFactory.prototype.open = function refuse(name) {
        const request = open.call(this, name, 1);
        request.addEventListener('upgradeneeded', () => request.transaction.abort());
        return request;
      };
    },
    'open never answers': () => {
      IDBFactory.prototype.open = () => new EventTarget();
    },
  })) {
    test(`fault 83: without IndexedDB (${how}) the chat works, and history comes from the server`, async () => {
      const ana = await stage.visitor({ prepare: (page) => page.addInitScript(take) });
      await ana.signIn({ user: 'ana' });
      await ana.page.getByText(NO_STORAGE).waitFor();
      await ana.start('bo');
      await ana.send('in this page only');
      await ana.hasState('Sent');
      await ana.page.reload();
      await ana.isUp();
      await ana.open('bo');
      await ana.shows('You: in this page only');
    });
  }

  test('fault 84: blocked by another tab for 3 s, the page goes on without storage', async () => {
    const ana = await stage.ana({ clock: false });
    const name = await databaseName(ana.page);
    const other = await ana.page.context().newPage();
    await other.goto(stage.server.blank);
    await ana.page.goto(stage.server.blank);
    // It holds a connection, hears no versionchange, and somebody wants the database gone: every
    // further open waits.
    await other.evaluate((name) => new Promise((resolve) => {
      indexedDB.open(name).onsuccess = ({ target }) => {
        window.held = target.result;
        indexedDB.deleteDatabase(name).onblocked = resolve;
      };
    }), name);
    await ana.page.goto(stage.server.url);
    await ana.isUp();
    await ana.page.getByText(NO_STORAGE).waitFor();
    await ana.start('bo');
    await ana.send('all the same');
    await ana.hasState('Sent');
    // Let go, the database is there again at the next visit.
    await other.evaluate(() => window.held.close());
    await ana.page.reload();
    await ana.isUp();
    await becomes(() => ana.page.getByText(NO_STORAGE).isVisible(), false);
    await ana.open('bo');
    await ana.shows('You: all the same');
  });

  test('fault 84: a newer app in another tab may upgrade at once; this one goes on without storage', async () => {
    const ana = await stage.ana({ clock: false });
    const name = await databaseName(ana.page);
    stage.server.connections[0].onMessage = () => {};
    await ana.send('written by the older app');
    const other = await ana.page.context().newPage();
    await other.goto(stage.server.blank);
    const upgraded = await other.evaluate((name) => new Promise((resolve, reject) => {
      const request = indexedDB.open(name, 1_000);
      request.onsuccess = () => resolve(request.result.version);
      request.onblocked = () => reject(new Error('the older app holds its connection'));
    }), name);
    assert.equal(upgraded, 1_000);
    await ana.send('not to the newer database');
    await warnsThatNothingIsKept(ana);
    await other.close();
    // Fault 86: rolled back, the older app does not touch what the newer one has.
    await ana.page.reload();
    await ana.isUp();
    await ana.page.getByText(NO_STORAGE).waitFor();
    const kept = (await rowsOf(ana.page, 'outbox')).map((row) => JSON.parse(row).text);
    assert.deepEqual(kept, ['written by the older app']);
  });

  for (const [how, evict] of Object.entries({
    'deleted by a script': async (chat) => {
      const name = await databaseName(chat.page);
      await chat.page.evaluate((name) => new Promise((resolve) => {
        indexedDB.deleteDatabase(name).onsuccess = resolve;
      }), name);
    },
    'cleared by the browser': async (chat) => {
      const browser = await chat.page.context().newCDPSession(chat.page);
      const origin = new URL(stage.server.url).origin;
      await browser.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
    },
  })) {
    test(`fault 85: evicted in the middle of a session (${how}), it is opened anew, and the place in the log is known`, async () => {
      const ana = await stage.ana({ clock: false });
      for (const text of ['one', 'two']) await ana.send(text);
      await ana.hasState('Sent');
      // What is confirmed leaves the outbox as it comes into the stored log, a moment later.
      await becomes(async () => (await rowsOf(ana.page, 'outbox')).length, 0);
      await evict(ana);
      stage.log.post('bo', ['ana'], 'three');
      await ana.shows('You: one', 'You: two', 'bo: three');
      const [connection] = stage.server.connections;
      const syncs = connection.heard('sync').length;
      connection.onMessage = ({ json }) => { if (json.action !== 'sendmessage') stage.log.answer(connection, 'ana', json); };
      await ana.send('four');
      assert.equal(await ana.page.getByText(KEEP_OPEN).isVisible(), false);
      assert.equal(connection.heard('sync').length, syncs, 'nothing had to be fetched again');
      const kept = (await rowsOf(ana.page, 'outbox')).map((row) => JSON.parse(row).text);
      assert.deepEqual(kept, ['four'], 'the new database holds what is not confirmed');
      await ana.page.reload();
      await ana.isUp();
      await ana.open('bo');
      // The new database knows the log from the eviction on; what lies before is the server's to tell.
      await ana.shows('bo: three', 'You: four');
      await ana.hasState('Sent');
      await ana.button('Load earlier messages').click();
      await ana.shows('You: one', 'You: two', 'bo: three', 'You: four');
      assert.deepEqual(stage.log.lines('c:ana,bo'), ['ana: one', 'ana: two', 'bo: three', 'ana: four']);
    });
  }

  test('what comes faster than people write is stored once a second', async () => {
    const ana = await stage.ana({
      prepare: (page) => page.addInitScript(() => {
        const { put } = IDBObjectStore.prototype;
        window.writes = new Set();
        IDBObjectStore.prototype.put = function counted(...words) {
          if (this.name === 'messages') window.writes.add(this.transaction);
          return put.apply(this, words);
        };
      }),
    });
    await ana.page.clock.pauseAt(await ana.page.evaluate(() => Date.now() + 5_000));
    const come = async (count) => {
      // In a conversation that is not open: of one that is, it is written what was read.
      for (let n = 0; n < count; n += 1) stage.log.post('bo', ['ana', 'cy'], `message ${n}`);
      await ana.hearsEverything();
    };
    const stored = async (count) => becomes(async () => (await rowsOf(ana.page, 'messages')).length, count);
    await come(1);
    await ana.pass(50);
    await stored(1);
    // Written after it: nothing is under way then.
    await becomes(async () => (await rowsOf(ana.page, 'marks')).some((row) => row.includes('cy')), true);
    const before = await ana.page.evaluate(() => window.writes.size);
    const writes = async () => (await ana.page.evaluate(() => window.writes.size)) - before;
    await come(10);
    assert.equal(await writes(), 0);
    await ana.pass(50);
    await stored(11);
    assert.equal(await writes(), 1);
    await come(10);
    await ana.pass(950);
    assert.equal(await writes(), 1);
    await ana.pass(50);
    await stored(21);
    assert.equal(await writes(), 2);
  });

  test('fault 86: a corrupt row of the outbox is told of and stays; the others are sent', async () => {
    const ana = await stage.ana({ clock: false });
    const conversation = 'c:ana,bo';
    await putRows(ana.page, 'outbox', [
      ['broken', '{"id":"broken","conv'],
      ['odd', { not: 'a text' }],
      pendingRow({ id: 'whole', conversation, text: 'this one is whole', order: 1 }),
    ]);
    await ana.page.reload();
    await ana.isUp();
    await ana.page.getByText(/2 unsent messages in this browser’s storage cannot be read/).waitFor();
    await ana.open('bo');
    await ana.shows('You: this one is whole');
    await ana.hasState('Sent');
    await becomes(() => rowsOf(ana.page, 'outbox'), ['{"id":"broken","conv', { not: 'a text' }]);
  });

  test('fault 86: a log that cannot be read is fetched again', async () => {
    const ana = await stage.ana({ clock: false });
    for (const text of ['one', 'two', 'three']) await ana.send(text);
    await ana.hasState('Sent');
    // They are written a moment after they came, and would be after the nonsense.
    await becomes(async () => (await rowsOf(ana.page, 'messages')).length, 3);
    await putRows(ana.page, 'logs', [['c:ana,bo', 'nonsense']]);
    await putRows(ana.page, 'messages', [[['c:ana,bo', 2], '{"half":']]);
    await ana.page.reload();
    await ana.isUp();
    await ana.open('bo');
    await ana.shows('You: one', 'You: two', 'You: three');
  });
});
