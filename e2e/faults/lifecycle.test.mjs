// Faults 69 to 75 and 88, 89: what the browser does to a page while nothing is wrong with the network.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { bareChromium, freeze, hide } from '../support/bare-chromium.mjs';
import { faultScene } from '../support/fault-scene.mjs';
import { becomes, until, within } from '../support/until.mjs';

const stage = faultScene(bareChromium());

const MINUTE = 60_000;

describe('the life of a page', () => {
  test('fault 69: a hidden page keeps its connection with a ping every 4 minutes', async () => {
    const ana = await stage.ana();
    const [connection] = stage.server.connections;
    const show = await hide(ana.page);
    await ana.live(30_000);
    const before = connection.heard('ping').length;
    // Hidden for long, Chromium runs timers once a minute: what is due in between fires then.
    for (let minute = 0; minute < 60; minute += 1) {
      await ana.page.clock.fastForward(MINUTE);
      await ana.hearsEverything();
    }
    const pings = connection.heard('ping').length - before;
    assert.ok(pings >= 12 && pings <= 15, `${pings} pings in an hour; the platform's patience ends after 10 minutes`);
    assert.equal(stage.server.connections.length, 1);
    stage.log.post('bo', ['ana'], 'still reached');
    await ana.shows('bo: still reached');
    await show();
    // Seen again, it asks whether the connection is still alive.
    await until('a probe', () => connection.heard('ping').length > before + pings);
    await ana.isUp();
    assert.equal(stage.server.connections.length, 1);
  });

  test('fault 70: frozen for 30 minutes and thawed, timers first and frames after: no false death', async () => {
    const ana = await stage.ana();
    const [connection] = stage.server.connections;
    const show = await hide(ana.page);
    const thaw = await freeze(ana.page);
    const texts = [1, 2, 3, 4, 5].map((n) => `while frozen ${n}`);
    const heard = (await ana.sockets())[0].received;
    for (const text of texts) stage.log.post('bo', ['ana'], text);
    // Every timer that came due runs before the frames that wait: as measured in Chromium.
    await ana.page.clock.fastForward(30 * MINUTE);
    assert.equal((await ana.sockets())[0].received, heard, 'frozen, the page hears nothing');
    await thaw();
    await show();
    await ana.shows(...texts.map((text) => `bo: ${text}`));
    assert.deepEqual(await ana.page.evaluate(() => window.lifecycle), ['freeze', 'resume']);
    await ana.live(20_000);
    await ana.isUp();
    assert.equal(stage.server.connections.length, 1, 'the connection was alive and stays');
    assert.equal(connection.ended, null);
    await ana.send('thawed');
    await ana.hasState('Sent');
  });

  test('fault 70: frozen while the connection died: found out and made anew', async () => {
    const ana = await stage.ana();
    const [connection] = stage.server.connections;
    const show = await hide(ana.page);
    const thaw = await freeze(ana.page);
    connection.vanish();
    stage.log.commit('bo', { id: 'm1', to: ['ana'], content: 'missed' });
    await ana.page.clock.fastForward(30 * MINUTE);
    await thaw();
    await show();
    await ana.returns(1);
    await ana.shows('bo: missed');
  });

  test('fault 75: out of the back/forward cache the page comes back as it was, and connects', async () => {
    const ana = await stage.ana({ clock: false });
    await ana.send('before');
    await ana.hasState('Sent');
    await ana.page.evaluate(() => {
      window.survived = true;
      addEventListener('pageshow', (event) => { window.persisted = event.persisted; });
    });
    const [first] = stage.server.connections;
    await ana.page.goto(stage.server.blank);
    await first.hears('bye');
    await first.ends();
    stage.log.commit('bo', { id: 'm1', to: ['ana'], content: 'meanwhile' });
    await ana.page.goBack({ waitUntil: 'commit' });
    assert.equal(await ana.page.evaluate(() => window.survived && window.persisted), true, 'it was in the cache');
    await ana.isUp();
    await ana.shows('You: before', 'bo: meanwhile');
    await ana.send('after');
    await ana.shows('You: before', 'bo: meanwhile', 'You: after');
    assert.equal(stage.server.connections.length, 2, 'one listener heard pageshow');
    assert.equal(stage.server.last.heard('sendmessage').length, 1, 'and one heard Enter');
  });

  test('fault 88: a main thread blocked for a minute kills nothing and doubles nothing', async () => {
    const ana = await stage.ana();
    await ana.send('before');
    await ana.hasState('Sent');
    // In one task: the clock jumps a minute while frames wait behind it.
    const blocked = ana.page.evaluate(() => {
      const end = Date.now;
      window.blocked = true;
      const start = window.spied[0].sends.length;
      for (let spin = 0; spin < 3e8; spin += 1) if (spin < 0) end(start);
    });
    for (let n = 1; n <= 50; n += 1) stage.log.post('bo', ['ana'], `queued ${n}`);
    await ana.page.clock.fastForward(MINUTE);
    await blocked;
    await ana.shows('You: before', ...Array.from({ length: 50 }, (_, n) => `bo: queued ${n + 1}`));
    await ana.pass(20_000);
    await ana.isUp();
    assert.equal(stage.server.connections.length, 1);
    await ana.send('after');
    await ana.hasState('Sent');
    await becomes(async () => (await ana.lines()).length, 52);
  });

  test('fault 89: a trap in the wasm loses nothing: a reload restores the outbox', async () => {
    const ana = await stage.ana({ clock: false });
    const [connection] = stage.server.connections;
    connection.onMessage = () => {};
    await ana.send('written before the trap');
    ana.allows(/unreachable|broken by the test|recursive use|uncaught/);
    const trapped = new Promise((resolve) => {
      ana.page.on('pageerror', (error) => { if (/unreachable/.test(error.message)) resolve(); });
    });
    // An exception out of the middle of a view leaves its borrows behind; what runs into them traps.
    await ana.page.evaluate(() => {
      const broken = () => { throw new Error('broken by the test'); };
      for (const name of ['cloneNode', 'appendChild', 'insertBefore']) Node.prototype[name] = broken;
      for (const name of ['before', 'append']) Element.prototype[name] = broken;
      Document.prototype.createTextNode = broken;
      Document.prototype.createElement = broken;
    });
    for (let n = 1; n <= 3; n += 1) stage.log.post('bo', ['ana'], `into the trap ${n}`);
    await within('the wasm traps', trapped);
    await ana.page.reload();
    await ana.isUp();
    await ana.open('bo');
    const told = [1, 2, 3].map((n) => `bo: into the trap ${n}`);
    await ana.shows(...told, 'You: written before the trap');
    await ana.hasState('Sent');
  });
});
