// Fault 21: a server that stops reading. What the browser has taken is lost with the connection;
// so the page hands over no more than it must, and does not wait for ever.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { faultScene } from '../support/fault-scene.mjs';
import { pendingRow, putRows } from '../support/storage.mjs';
import { until } from '../support/until.mjs';

const stage = faultScene();

/** More conversations, each with one large message in flight, than the kernel's buffers hold. */
const CONVERSATIONS = 200;
const BYTES = 30_000;
const LIMIT = 64 * 1024;

describe('backpressure', () => {
  test('fault 21: above 64 KiB the page stops handing over, and 10 s later the connection is dead', async () => {
    const ana = await stage.ana();
    const names = Array.from({ length: CONVERSATIONS }, (_, n) => `u${String(n).padStart(3, '0')}`);
    await putRows(ana.page, 'outbox', names.map((name, n) => pendingRow({
      id: `m${name}`, conversation: `c:ana,${name}`, text: `${name}${'x'.repeat(BYTES)}`, order: n + 1,
    })));
    stage.server.plays((connection) => {
      stage.log.serve(connection);
      const { onMessage } = connection;
      connection.onMessage = (frame) => {
        onMessage(frame);
        if (frame.json.action === 'hello') connection.stopReading();
      };
    });
    await ana.page.reload();
    const deaf = await stage.server.connection(1);
    const socket = async () => (await ana.sockets())[0];
    await until('the page has given the connection up', async () => {
      await ana.pass(1_000);
      return (await socket()).detached;
    });
    const { peak, sends } = await socket();
    // Up to the limit may wait, each look lets another 64 KiB pass, and a frame is not cut in two.
    assert.ok(peak <= 4 * LIMIT, `up to ${peak} bytes waited in the browser`);
    assert.ok(sends.length < CONVERSATIONS, `${sends.length} frames were handed over`);
    await ana.returns(2);
    await until('every message is committed', () => names.every((name) => stage.log.of(`c:ana,${name}`).length === 1), 30_000);
    assert.equal(deaf.heard('sendmessage').length, 0);
  });
});
