// Hostile and malformed frames both ways: whoever sends them, everybody else lives on.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Client } from './support/client.mjs';
import { hostileTexts } from './support/hostile.mjs';
import { scene } from './support/scene.mjs';
import { standIn } from './support/stand-ins.mjs';
import { becomes, until } from './support/until.mjs';

const stage = scene();

describe('hostile peers', () => {
  test('whatever a raw client sends, the gateway and the pages of others live on', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start('bo');
    const frames = [
      ...Object.values(hostileTexts).filter((text) => Buffer.byteLength(text) <= 32 * 1024),
      ...['hello', 'sendmessage', 'sendMessage', 'sync', 'signal', 'ping', 'bye'].flatMap((action) => [
        `{"action":"${action}"}`, `{"action":"${action}","v":"x","rid":-1,"id":{},"to":[[]],"conv":1e400,"content":null,"data":7}`,
        `{"action":"${action}","rid":1,"id":"\\ud800","to":"\\udfff","content":"\\ud83d","kind":"typing","conv":"c:a,b"}`,
      ]),
      JSON.stringify({ action: 'sendmessage', content: '\u202Egnp.exe\u2066<script>window.hacked=true</script>', to: 'ana' }),
      JSON.stringify({ action: 'sendmessage', v: 1, id: 'x'.repeat(65), to: ['ana'], content: 'x' }),
      JSON.stringify({ action: 'sendmessage', v: 1, id: 'x', conv: 'c:ana,bo', content: 'not mine' }),
      JSON.stringify({ action: 'sendmessage', v: 1, id: 'y', to: Array.from({ length: 60 }, (_, n) => `u${n}`), content: 'x' }),
      JSON.stringify({ action: 'hello', v: 1, rid: 1, device: 'd'.repeat(9_000), tab: 't' }),
    ];
    for (const query of ['?userId=mallory', '']) {
      const mallory = await Client.connect(stage.gateway.socketUrl + query);
      for (const frame of frames) mallory.send(frame);
      // Where more of them wait than the gateway takes of one connection, it is refused: on every
      // answer once more.
      let answers = -1;
      await until('the client was served', () => {
        if (mallory.received.includes('fence')) return true;
        if (mallory.received.length > answers) mallory.send({ action: 'sendmessage', data: 'fence' });
        answers = mallory.received.length;
        return false;
      });
      assert.equal(mallory.socket.readyState, 1, 'none of it cuts even the sender off');
      mallory.socket.terminate();
    }
    for (const [payload, code] of [
      ['x'.repeat(1 << 20), 1009], [Buffer.from('{"action":"hello"}'), 1003],
    ]) {
      const mallory = await Client.connect(`${stage.gateway.socketUrl}?userId=mallory`);
      mallory.socket.send(payload);
      assert.equal((await mallory.closed).code, code);
    }
    const garbled = await Client.connect(`${stage.gateway.socketUrl}?userId=mallory`);
    garbled.socket.send(Buffer.from([0x22, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0x22]), { binary: false });
    assert.notEqual((await garbled.closed).code, 1000);

    await ana.send('still well?');
    await ana.hasState('Delivered');
    await bo.open('ana');
    await bo.send('very');
    await ana.shows('You: still well?', 'bo: very');
    for (const chat of [ana, bo]) assert.equal(await chat.page.evaluate(() => window.hacked), undefined);
  });

  test('a deceptive user id is refused at the handshake', async () => {
    for (const name of ['a\u202Eb', ' ana', 'x'.repeat(65), '', 'a\u0000b']) {
      const mallory = new Client(`${stage.gateway.socketUrl}?userId=${encodeURIComponent(name)}`);
      assert.equal((await mallory.closed).code, 1006, JSON.stringify(name));
    }
  });

  for (const [profile, system] of Object.entries({ switchboard: 'greeter', s1: 's1', s2: 's2', s3: 's3', s4: 's4', s5: 's5' })) {
    test(`whatever a server sends, the page lives on: ${profile}`, async () => {
      const server = await standIn(system);
      stage.finally(() => server.close());
      const ana = await stage.visitor();
      await ana.signIn({ user: 'ana', url: server.url, profile });
      await ana.page.keyboard.press('F8');
      const message = (content, more) => JSON.stringify({
        event: 'message', conv: 'c:ana,mallory', seq: 1, id: 'm', from: 'mallory', at: 1, kind: 'text', content, ...more,
      });
      for (const text of Object.values(hostileTexts)) {
        server.broadcast(text);
        server.broadcast(JSON.stringify({ content: text, from: text.slice(0, 40) }));
        server.broadcast(JSON.stringify({ message: `${text} says: ${text}` }));
        server.broadcast(message(text, { from: text.slice(0, 40) }));
        server.broadcast(message(text, { kind: text }));
      }
      server.broadcast('x'.repeat(1 << 20));
      for (const socket of server.connections.values()) socket.send(Buffer.alloc(1000, 0xff));
      for (const more of [
        { seq: 9_007_199_254_740_993 }, { seq: 0 }, { at: 8.64e15 + 1 }, { at: Number.MAX_SAFE_INTEGER },
        { conv: 'c:mallory,zoe' }, { conv: 'lobby' }, { id: 'n', seq: 3, kind: 'reaction', re: 'nothing' },
      ]) server.broadcast(message('odd', more));
      server.broadcast(JSON.stringify({ event: 'presence', all: true, online: ['<b>x</b>', 'bo', 'bo', ''] }));
      server.broadcast(JSON.stringify({ event: 'presence', all: true, online: Array.from({ length: 2_000 }, (_, n) => `u${n}`) }));
      server.broadcast(JSON.stringify({ event: 'welcome', rid: 99, connection: 'x', now: 1, epoch: 'other', heads: {}, limits: { max_bytes: 1 }, min_version: 9 }));
      server.broadcast(JSON.stringify({ event: 'ack', id: 'nobody-sent-this', conv: 'lobby', seq: 5, at: 1 }));
      server.broadcast(JSON.stringify({ event: 'nack', id: 'nobody-sent-this', code: 'made_up', retry: false }));
      server.broadcast(JSON.stringify({ event: 'page', rid: 77, conv: 'lobby', after: 0, messages: [], covered: 99, head: 12, epoch: 'e' }));
      server.broadcast(JSON.stringify({ event: 'fence' }));
      await until('everything has arrived', async () => (await ana.frames())[0] === 'received fence', 20_000);
      assert.match(await ana.status(), /OPEN Connected$/);
      for (const name of await ana.conversations()) await ana.open(name);
      assert.equal(await ana.page.evaluate(() => window.hacked), undefined);
      assert.equal(await ana.page.locator('.chat').locator('script, img, a, b').count(), 0, 'no element comes out of a message');
      await ana.page.locator('ul.frames button').last().click();
      await ana.inspector.getByRole('button', { name: 'Clear' }).click();
      await becomes(() => ana.frames(), []);
    });
  }

  test('bad UTF-8 from a server costs the connection, not the page', async () => {
    const server = await standIn('greeter');
    stage.finally(() => server.close());
    const ana = await stage.visitor();
    ana.allows(/Could not decode a text frame as UTF-8/);
    await ana.signIn({ user: 'ana', url: server.url });
    for (const socket of server.connections.values()) socket.send(Buffer.from([0xc3, 0x28]), { binary: false });
    await until('a second handshake', () => server.handshakes.length === 2);
    await ana.isUp();
  });
});
