// Faults 69 to 75 and 88, 89: what the browser does to a page while nothing is wrong with the network.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { faultScene } from '../support/fault-scene.mjs';
import { becomes, until } from '../support/until.mjs';

// Playwright turns the back/forward cache off.
const stage = faultScene({ ignoreDefaultArgs: ['--disable-back-forward-cache'] });

const MINUTE = 60_000;

/** The browser's hint that the page is hidden, or seen again. Headless Chromium hides no page by itself. */
const setHidden = (chat, hidden) => chat.page.evaluate((state) => {
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
  document.dispatchEvent(new Event('visibilitychange'));
}, hidden ? 'hidden' : 'visible');

describe('the life of a page', () => {
  test('fault 69: a hidden page keeps its connection with a ping every 4 minutes', async () => {
    const ana = await stage.ana();
    const [connection] = stage.server.connections;
    await setHidden(ana, true);
    await ana.pass(30_000);
    const before = connection.heard('ping').length;
    // Hidden for long, Chromium runs timers once a minute: what is due in between fires then.
    for (let minute = 0; minute < 60; minute += 1) {
      await ana.page.clock.fastForward(MINUTE);
      const { n } = connection.heard('ping').at(-1) ?? {};
      if (n) await until('the pong is read', async () => true);
    }
    const pings = connection.heard('ping').length - before;
    assert.ok(pings >= 12 && pings <= 16, `${pings} pings in an hour`);
    assert.equal(stage.server.connections.length, 1);
    stage.log.post('bo', ['ana'], 'still reached');
    await ana.shows('bo: still reached');
    await setHidden(ana, false);
    await connection.hears('ping');
    await ana.isUp();
    assert.equal(stage.server.connections.length, 1);
  });

  test('fault 70: frozen for 30 minutes and thawed, timers first and frames after: no false death', async () => {
    const ana = await stage.ana();
    const [connection] = stage.server.connections;
    const browser = await ana.page.context().newCDPSession(ana.page);
    await browser.send('Page.setWebLifecycleState', { state: 'frozen' });
    for (let n = 1; n <= 5; n += 1) stage.log.post('bo', ['ana'], `while frozen ${n}`);
    // Every timer that came due runs before the frames that wait: as measured in Chromium.
    await ana.page.clock.fastForward(30 * MINUTE);
    await browser.send('Page.setWebLifecycleState', { state: 'active' });
    await ana.shows(...[1, 2, 3, 4, 5].map((n) => `bo: while frozen ${n}`));
    await ana.pass(20_000);
    await ana.isUp();
    assert.equal(stage.server.connections.length, 1, 'the connection was alive and stays');
    assert.equal(connection.ended, null);
    await ana.send('thawed');
    await ana.hasState('Sent');
  });

  test('fault 70: frozen while the connection died: found out and made anew', async () => {
    const ana = await stage.ana();
    const [connection] = stage.server.connections;
    const browser = await ana.page.context().newCDPSession(ana.page);
    await browser.send('Page.setWebLifecycleState', { state: 'frozen' });
    connection.vanish();
    stage.log.commit('bo', { id: 'm1', to: ['ana'], content: 'missed' });
    await ana.page.clock.fastForward(30 * MINUTE);
    await browser.send('Page.setWebLifecycleState', { state: 'active' });
    await until('a second connection', async () => {
      await ana.pass(500);
      return stage.server.connections.length === 2;
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
});
