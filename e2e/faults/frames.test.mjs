// Faults 61 and 67: frames no chat server sends, and texts that try a page's strings.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { faultScene } from '../support/fault-scene.mjs';
import { BINARY, frame, TEXT } from '../support/frames.mjs';
import { hostileTexts } from '../support/hostile.mjs';
import { becomes } from '../support/until.mjs';

const stage = faultScene();

/** Continues a fragmented message. */
const CONTINUATION = 0;

describe('frames', () => {
  test('fault 61: binary frames are ignored, whole or in pieces, empty or large', async () => {
    const ana = await stage.ana();
    const [connection] = stage.server.connections;
    const message = Buffer.from(JSON.stringify({ event: 'goaway', reconnect_in_ms: 0 }));
    connection.message(frame(BINARY, message));
    connection.message(frame(BINARY));
    connection.message(frame(BINARY, Buffer.alloc(1 << 20, 0xff)));
    connection.message(Buffer.concat([
      frame(BINARY, message.subarray(0, 5), { fin: false }), frame(CONTINUATION, message.subarray(5)),
    ]));
    stage.log.post('bo', ['ana'], 'after all of them');
    await ana.shows('bo: after all of them');
    await ana.page.evaluate(() => { window.spied[0].binaryType = 'blob'; });
    connection.message(frame(BINARY, message));
    stage.log.post('bo', ['ana'], 'after a Blob');
    await ana.shows('bo: after all of them', 'bo: after a Blob');
    await ana.live(40_000);
    await ana.isUp();
    assert.equal(stage.server.connections.length, 1);
  });

  test('a text in pieces, with a ping between them, is one frame', async () => {
    const ana = await stage.ana();
    const [connection] = stage.server.connections;
    const { message } = stage.log.commit('bo', { id: 'm1', to: ['ana'], content: 'in three pieces: é' });
    const bytes = Buffer.from(JSON.stringify({ event: 'message', ...message }));
    // The second cut goes through the é.
    const cut = bytes.indexOf(0xa9);
    connection.write(frame(TEXT, bytes.subarray(0, 20), { fin: false }));
    connection.write(frame(9, 'still there?'));
    connection.write(frame(CONTINUATION, bytes.subarray(20, cut), { fin: false }));
    connection.write(frame(CONTINUATION, bytes.subarray(cut)));
    await ana.shows('bo: in three pieces: é');
  });

  test('a flood of frames of no meaning costs neither the page nor what comes behind it', async () => {
    const ana = await stage.ana();
    const [connection] = stage.server.connections;
    // Not one of them is malformed JSON of ours: enough of those may cost the connection.
    const unknown = frame(TEXT, JSON.stringify({ event: 'confetti', colour: 'x'.repeat(200) }));
    connection.write(Buffer.concat(Array.from({ length: 3_000 }, () => unknown)));
    for (const text of ['Internal server error', 'Forbidden']) {
      connection.send({ message: text, connectionId: 'a=', requestId: 'b=' });
    }
    stage.log.post('bo', ['ana'], 'behind the flood');
    await ana.shows('bo: behind the flood');
    assert.equal(stage.server.connections.length, 1);
  });

  test('fault 67: lone surrogates, bidi controls, NUL and heaps of marks go there and come back', async () => {
    const ana = await stage.ana();
    const texts = {
      'bidi controls': ['\u202Egnp.exe\u202C \u2066left\u2067right\u2069'],
      'a NUL': ['a\u0000b'],
      'combining marks': [hostileTexts['10,000 combining marks']],
      'an astral character': ['👩‍👩‍👧'],
      // A browser's string may hold half a character, UTF-8 cannot: U+FFFD stands for it.
      'a lone high surrogate': ['x\ud83dy', 'x\ufffdy'],
      'a lone low surrogate': ['x\udc00y', 'x\ufffdy'],
    };
    const expected = [];
    for (const [what, [typed, sent = typed]] of Object.entries(texts)) {
      await ana.composer.evaluate((field, text) => {
        field.value = text;
        field.dispatchEvent(new InputEvent('input', { bubbles: true }));
      }, typed);
      await ana.composer.press('Enter');
      await becomes(() => ana.composer.inputValue(), '');
      expected.push(sent);
      await becomes(() => stage.log.of('c:ana,bo').map(({ content }) => content), expected, 10_000);
      assert.equal((await ana.lines()).at(-1), `You: ${sent}`, what);
    }
    stage.server.last.send(`{"event":"message","conv":"c:ana,bo","seq":${expected.length + 1},"id":"odd","from":"bo","at":1,"content":"half \\ud83d of it"}`);
    stage.log.commit('bo', { id: 'odd', to: ['ana'], content: 'half \ufffd of it' });
    stage.log.post('bo', ['ana'], 'and on');
    const shown = [...expected.map((text) => `You: ${text}`), 'bo: half \ufffd of it', 'bo: and on'];
    await ana.shows(...shown);
    await ana.page.reload();
    await ana.isUp();
    await ana.open('bo');
    await ana.shows(...shown);
  });
});
