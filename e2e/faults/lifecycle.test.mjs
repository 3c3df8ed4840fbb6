// Faults 69 to 75 and 88, 89: what the browser does to a page while nothing is wrong with the network.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { auditor } from '../support/axe.mjs';
import { bareChromium, freeze, hide } from '../support/bare-chromium.mjs';
import { faultScene } from '../support/fault-scene.mjs';
import { installOwnClock, lapse, sleep } from '../support/own-clock.mjs';
import { becomes, until, within } from '../support/until.mjs';

const stage = faultScene(bareChromium());

const MINUTE = 60_000;

describe('the life of a page', () => {
  test('fault 69: a hidden page keeps its connection with a ping every 4 minutes', async () => {
    const ana = await stage.ana({ clock: false, prepare: installOwnClock });
    const [connection] = stage.server.connections;
    const show = await hide(ana.page);
    const pings = () => connection.heard('ping').length;
    const before = pings();
    // Hidden for long, Chromium runs timers once a minute: what is due in between fires then.
    for (let minute = 0; minute < 60; minute += 1) {
      await lapse(ana.page, MINUTE);
      await ana.hearsEverything();
    }
    const sent = pings() - before;
    assert.ok(sent >= 12 && sent <= 16, `${sent} pings in an hour; the platform's patience is 10 minutes`);
    assert.equal(stage.server.connections.length, 1);
    stage.log.post('bo', ['ana'], 'still reached');
    await ana.shows('bo: still reached');
    await show();
    await until('a probe of the page that is seen again', () => pings() > before + sent);
    await ana.isUp();
    assert.equal(stage.server.connections.length, 1);
  });

  test('fault 70: frozen for 30 minutes and thawed: whatever Chromium did to the socket, nothing is missing', async () => {
    const ana = await stage.ana({ clock: false, prepare: installOwnClock });
    const show = await hide(ana.page);
    const thaw = await freeze(ana.page);
    const heard = (await ana.sockets())[0].received;
    const texts = [1, 2, 3, 4, 5].map((n) => `while frozen ${n}`);
    for (const text of texts) stage.log.post('bo', ['ana'], text);
    await sleep(ana.page, 30 * MINUTE);
    assert.equal((await ana.sockets())[0].received, heard, 'frozen, the page hears nothing');
    await thaw();
    await show();
    // Chromium 156 may give up the socket of a frozen page ("Page entered Back-Forward Cache"): a
    // 1006 when it is thawed, and frames no page can hear any more. If it does not, they come now.
    assert.deepEqual(await ana.page.evaluate(() => window.lifecycle), ['freeze', 'resume']);
    await ana.shows(...texts.map((text) => `bo: ${text}`));
    await ana.isUp();
    assert.ok(stage.server.connections.length <= 2);
    await ana.send('thawed');
    await ana.hasState('Sent');
  });

  test('fault 70: frozen while the connection died: found out and made anew', async () => {
    const ana = await stage.ana({ clock: false, prepare: installOwnClock });
    const [connection] = stage.server.connections;
    const show = await hide(ana.page);
    const thaw = await freeze(ana.page);
    connection.vanish();
    stage.log.commit('bo', { id: 'm1', to: ['ana'], content: 'missed' });
    await sleep(ana.page, 30 * MINUTE);
    await thaw();
    await show();
    await until('a second connection', async () => {
      if (stage.server.connections.length === 2) return true;
      await lapse(ana.page, 500);
      return false;
    });
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
    const texts = stage.server.last.heard('sendmessage').filter(({ kind }) => kind === 'text');
    assert.equal(texts.length, 1, 'and one heard Enter');
  });

  for (const [what, minutes] of [
    ['fault 88: a main thread blocked for a minute', 1],
    ['fault 70: half an hour missed in the middle of a task', 30],
  ]) {
    test(`${what}, timers first and frames after: nothing dies, nothing is doubled`, async () => {
      const ana = await stage.ana({ clock: false, prepare: installOwnClock });
      await ana.send('before');
      await ana.hasState('Sent');
      const texts = Array.from({ length: 50 }, (_, n) => `queued ${n + 1}`);
      stage.server.answers('/hold', () => {
        for (const text of texts) stage.log.post('bo', ['ana'], text);
        return { status: 204 };
      });
      const heard = await ana.page.evaluate((ms) => {
        const before = window.spied[0].received;
        // Nothing else runs in the page until the server has sent everything.
        const request = new XMLHttpRequest();
        request.open('POST', '/hold', false);
        request.send();
        window.ownClock.lapse(ms);
        return window.spied[0].received - before;
      }, minutes * MINUTE);
      assert.equal(heard, 0, 'the timers ran before the frames');
      await ana.shows('You: before', ...texts.map((text) => `bo: ${text}`));
      for (let second = 0; second < 20; second += 4) {
        await lapse(ana.page, 4_000);
        await ana.hearsEverything();
      }
      await ana.isUp();
      assert.equal(stage.server.connections.length, 1, 'the connection was alive and stays');
      await ana.send('after');
      await becomes(async () => (await ana.lines()).length, 52);
      await ana.hasState('Sent');
    });
  }

  test('fault 89: a trap in the wasm loses nothing: a reload restores the outbox', async () => {
    const ana = await stage.ana({ clock: false });
    const [connection] = stage.server.connections;
    connection.onMessage = () => {};
    await ana.send('written before the trap');
    // A development build says more before it traps.
    ana.allows(/unreachable|broken by the test|recursive use|uncaught|^panicked at/);
    const trapped = new Promise((resolve) => {
      ana.page.on('pageerror', (error) => { if (/unreachable/.test(error.message)) resolve(); });
    });
    // An exception out of the middle of showing a message leaves borrows behind; the next runs into
    // them and traps.
    await ana.page.evaluate(() => {
      Document.prototype.createTextNode = () => { throw new Error('broken by the test'); };
    });
    for (let n = 1; n <= 3; n += 1) stage.log.post('bo', ['ana'], `into the trap ${n}`);
    await within('the wasm traps', trapped);
    await ana.page.getByText('Something in this page broke. Reload it').waitFor();
    const audit = await auditor(ana.page);
    assert.deepEqual(await audit(), []);
    await ana.page.reload();
    await ana.isUp();
    await ana.open('bo');
    const told = [1, 2, 3].map((n) => `bo: into the trap ${n}`);
    await ana.shows(...told, 'You: written before the trap');
    await ana.hasState('Sent');
  });
});
