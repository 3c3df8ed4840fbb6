// Fault 92: three months away, and 50,000 messages waiting.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { faultScene } from '../support/fault-scene.mjs';
import { rowsOf } from '../support/storage.mjs';
import { becomes } from '../support/until.mjs';

const stage = faultScene();

const MESSAGES = 50_000;

/** Fills the conversation behind the page's back. */
function pileUp(from, to) {
  const conv = 'c:ana,bo';
  const log = stage.log.of(conv);
  for (let seq = from; seq <= to; seq += 1) {
    log.push({ conv, seq, id: `m${seq}`, from: 'bo', at: seq * 60_000, kind: 'text', content: `message ${seq}` });
  }
}

describe('a long backlog', () => {
  test('fault 92: the newest page comes first, older ones on demand; neither traffic nor rows grow with the log', async () => {
    pileUp(1, 100);
    const ana = await stage.ana({ clock: false });
    await becomes(async () => (await ana.lines()).at(-1), 'bo: message 100');
    await becomes(async () => (await rowsOf(ana.page, 'messages')).length > 0, true);
    await ana.page.goto(stage.server.blank);
    pileUp(101, MESSAGES);
    await ana.page.goto(stage.server.url);
    await ana.isUp();
    await ana.open('bo');
    await becomes(async () => (await ana.lines()).at(-1), `bo: message ${MESSAGES}`);
    // What is unread is above: the view opens there, and fetches a page more by itself.
    await becomes(async () => (await ana.lines()).length, 100);
    const { last } = stage.server;
    const pages = last.heard('sync');
    assert.ok(pages.length <= 3, `${pages.length} pages were fetched: ${JSON.stringify(pages)}`);
    const shown = await ana.lines();
    assert.ok(shown.length <= 200, `${shown.length} rows`);
    const first = MESSAGES - shown.length + 1;
    assert.deepEqual(shown, Array.from({ length: shown.length }, (_, n) => `bo: message ${first + n}`));

    // Without scrolling there, which would fetch by itself.
    await ana.button('Load earlier messages').evaluate((button) => button.click());
    await becomes(() => last.heard('sync').length, pages.length + 1);
    await ana.hearsEverything();
    // They are above what stands in the document, which follows the newest; a link leads there.
    const older = MESSAGES - 100 - 10;
    await ana.page.evaluate((id) => { location.hash = `#/c/c:ana,bo/${id}`; }, `m${older}`);
    await ana.message(`message ${older}`).waitFor();
    assert.equal(last.heard('sync').length, pages.length + 1);
    await ana.button('Jump to the latest').click();
    await becomes(async () => (await ana.lines()).at(-1), `bo: message ${MESSAGES}`);

    await ana.send('and an answer');
    await ana.hasState('Sent');
    for (let n = 1; n <= 20; n += 1) stage.log.post('bo', ['ana'], `welcome back ${n}`);
    await becomes(async () => (await ana.lines()).at(-1), 'bo: welcome back 20');
    assert.ok((await ana.lines()).length <= 300, 'what is shown does not grow with what exists');
    assert.equal(last.heard('sync').length, pages.length + 1);
  });
});
