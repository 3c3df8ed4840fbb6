// Faults 16 to 32: what can happen to a connection that was up.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { faultScene } from '../support/fault-scene.mjs';
import { CLOSE } from '../support/frames.mjs';
import { hang, until as upTo } from '../support/plays.mjs';
import { becomes, until } from '../support/until.mjs';

const stage = faultScene();

/** `WebSocket.OPEN` and its neighbour. */
const OPEN = 1;
const CLOSING = 2;

describe('losing the connection', () => {
  for (const [how, cut] of Object.entries({ RST: (c) => c.reset(), FIN: (c) => c.fin() })) {
    test(`fault 16: ${how} in the middle of a send: the same id goes out again`, async () => {
      stage.server.plays(upTo('sendmessage', stage.log.serve, cut));
      const ana = await stage.ana();
      await ana.send('once');
      const second = await ana.returns(1);
      await ana.hasState('Sent');
      const [first] = stage.server.connections[0].heard('sendmessage');
      const [again] = second.heard('sendmessage');
      assert.equal(again.id, first.id);
      assert.deepEqual(stage.log.lines('c:ana,bo'), ['ana: once']);
      await ana.shows('You: once');
    });

    test(`fault 16: ${how} after the commit, before the ack: the repeat is known and shown once`, async () => {
      stage.server.plays(upTo('sendmessage', stage.log.serve, (connection, frame) => {
        stage.log.commit('ana', frame);
        cut(connection);
      }));
      const ana = await stage.ana();
      await ana.send('once');
      await ana.returns(1);
      await ana.hasState('Sent');
      assert.deepEqual(stage.log.lines('c:ana,bo'), ['ana: once']);
      await ana.shows('You: once');
    });
  }

  test('below two seconds nothing is said of it, then a word, from five on everything, and what became of it at last', async () => {
    const ana = await stage.ana({ viewport: { width: 390, height: 780 } });
    await ana.stands();
    const help = () => ana.page.locator('#message-help').innerText();
    const word = ana.page.locator('.quiet-chip');
    const calm = await help();
    stage.server.plays(hang);
    stage.server.connections[0].reset();
    await ana.closedWith(1006);
    await ana.pass(1_900);
    assert.equal(await ana.status(), 'Connection CONNECTING Trying to connect again');
    assert.equal(await help(), calm);
    assert.equal(await word.isVisible(), false);
    assert.equal(await ana.banner.isVisible(), false);
    await ana.pass(200);
    assert.equal(await word.innerText(), 'Reconnecting…');
    assert.match(await help(), /sent/);
    assert.equal(await ana.banner.isVisible(), false);
    await ana.showList();
    assert.equal(await ana.chip(), 'Connection CONNECTING Connecting…');
    await ana.pass(3_000);
    assert.ok(await ana.banner.isVisible());
    await ana.open('bo');
    await ana.send('written meanwhile');
    await ana.showList();
    await until('the page is connected', async () => {
      await ana.pass(200);
      return /OPEN Connected$/.test(await ana.status());
    });
    await becomes(() => stage.log.lines('c:ana,bo'), ['ana: written meanwhile']);
    await ana.hearsEverything();
    await ana.pass(700);
    assert.equal(await ana.chip(), 'Connection OPEN Back online: sent 1');
    await ana.pass(3_000);
    assert.equal(await ana.chip(), 'Connection OPEN Connected');
  });

  test('fault 19: a half-open connection is dead within 40 s, though its socket says OPEN', async () => {
    const ana = await stage.ana();
    const [first] = stage.server.connections;
    first.vanish();
    await ana.pass(30_000);
    await first.hears('ping');
    assert.equal((await ana.sockets())[0].readyState, OPEN);
    await ana.pass(10_000);
    await becomes(async () => (await ana.sockets())[0].detached, true);
    await ana.returns(1);
  });

  test('fault 19: a message on a half-open connection is sent again on the next, once', async () => {
    stage.server.plays(upTo('sendmessage', stage.log.serve, (connection) => connection.vanish()));
    const ana = await stage.ana();
    await ana.send('into the void');
    await stage.server.connections[0].hears('sendmessage');
    // 10 s without an ack: the connection is probed, and 5 s later it is given up.
    await ana.pass(10_000);
    await ana.pass(5_000);
    await ana.returns(1);
    await ana.hasState('Sent');
    assert.deepEqual(stage.log.lines('c:ana,bo'), ['ana: into the void']);
  });

  test('fault 22: nothing is handed to a socket that is CLOSING', async () => {
    const ana = await stage.ana();
    const [first] = stage.server.connections;
    // It says goodbye and keeps the connection: Chromium waits 2 s for its end.
    first.answersClose = false;
    first.close(1001, 'going', { stays: true });
    await becomes(async () => (await ana.sockets())[0].readyState, CLOSING);
    await ana.send('not into the closing one');
    await ana.returns(1);
    await ana.hasState('Sent');
    assert.deepEqual(first.heard('sendmessage'), []);
    for (const { sends } of await ana.sockets()) {
      assert.deepEqual(sends.filter(({ state }) => state !== OPEN), [], 'only to sockets that were OPEN');
    }
    assert.deepEqual(stage.log.lines('c:ana,bo'), ['ana: not into the closing one']);
  });

  test('fault 23: nothing is handed to a socket that is CONNECTING', async () => {
    const ana = await stage.ana();
    let release;
    stage.server.plays((connection) => { release = () => stage.log.serve(connection); });
    stage.server.connections[0].reset();
    await until('the next handshake', async () => {
      await ana.pass(500);
      return release;
    });
    await ana.send('while connecting');
    await ana.hasState('Waiting to be sent');
    await ana.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    release();
    await ana.hasState('Sent');
    for (const { sends } of await ana.sockets()) {
      assert.deepEqual(sends.filter(({ state }) => state !== OPEN), []);
    }
  });

  test('fault 23: a send that throws loses nothing', async () => {
    const ana = await stage.ana();
    await ana.page.evaluate(() => {
      window.spied[0].send = () => {
        window.spied[0].thrown = true;
        throw new DOMException('Still in CONNECTING state.', 'InvalidStateError');
      };
    });
    await ana.send('thrown back');
    await becomes(() => ana.page.evaluate(() => window.spied[0].thrown), true);
    await ana.returns(1);
    await ana.hasState('Sent');
    assert.deepEqual(stage.log.lines('c:ana,bo'), ['ana: thrown back']);
  });

  test('fault 24: a peer that never answers the close frame holds nothing up', async () => {
    const ana = await stage.ana();
    const [first] = stage.server.connections;
    first.answersClose = false;
    await ana.button('Sign out').click();
    await ana.button('Connect').waitFor();
    await until('the close frame', () => first.frames.some(({ opcode }) => opcode === CLOSE));
    const [socket] = await ana.sockets();
    assert.equal(socket.readyState, CLOSING, 'Chromium still waits, for 60 s');
    assert.equal(socket.detached, true);
    assert.equal(first.ended, null);
    await ana.signIn({ user: 'ana' });
    assert.equal(stage.server.connections.length, 2);
  });

  test('fault 25: what comes after our close() is fetched again', async () => {
    const ana = await stage.ana();
    const [first] = stage.server.connections;
    first.answersClose = false;
    let paused = true;
    first.onMessage = ({ json }) => { if (!paused) stage.log.answer(first, 'ana', json); };
    // Its pings unanswered, the page closes it; only then does the server say something.
    await ana.pass(30_000);
    await first.hears('ping');
    let greet;
    stage.server.plays((connection) => { greet = () => stage.log.serve(connection); });
    await ana.pass(10_000);
    await until('the close frame', () => first.frames.some(({ opcode }) => opcode === CLOSE));
    const message = { event: 'message', ...stage.log.commit('bo', { id: 'm1', to: ['ana'], content: 'late' }).message };
    first.send(message);
    paused = false;
    await until('the next handshake', async () => {
      if (!greet) await ana.pass(500);
      return greet;
    });
    greet();
    await ana.isUp();
    await ana.shows('bo: late');
    assert.notEqual(stage.server.connections[1].heard('sync').length, 0, 'by its cursor');
  });

  test('fault 32: bad UTF-8 from the server costs the connection: Chromium says 1002, the page sees 1006', async () => {
    const ana = await stage.ana();
    ana.allows(/Could not decode a text frame as UTF-8/);
    const [first] = stage.server.connections;
    first.write(Buffer.from([0x81, 0x02, 0xc3, 0x28]));
    const { code } = await first.ends();
    assert.equal(code, 1002);
    await ana.returns(1);
    await ana.page.locator('details.status summary').click();
    await ana.page.locator('details.status dl').getByText(/1006/).waitFor();
    await ana.send('and on');
    await ana.hasState('Sent');
  });
});
