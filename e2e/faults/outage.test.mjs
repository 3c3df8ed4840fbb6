// A server that is away for longer than goes unnoticed: what is told meanwhile, and what of its end.
// How it grows louder before stands in losing.test.mjs.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { faultScene } from '../support/fault-scene.mjs';
import { resetAtOnce, upToHistory } from '../support/plays.mjs';
import { listen, spoken } from '../support/spoken.mjs';
import { rowsOf } from '../support/storage.mjs';
import { becomes, until } from '../support/until.mjs';

const stage = faultScene();

/** Quiet for so long, everything missed has arrived, ms. */
const SETTLED = 500;
/** How long the news of it stays, ms. */
const NEWS = 3_000;
/** On a clock that stands no frame is painted: what changes is shown by then, ms. */
const SHOWN = 250;

const COUNTDOWN = /^Next attempt in (\d+) s \((\d+) failed attempts?\)$/;

/** The seconds that the banner counts, and how many attempts have failed. */
async function countdown(chat) {
  const text = await chat.banner.locator('.countdown').innerText();
  return COUNTDOWN.exec(text.trim())?.slice(1).map(Number) ?? [];
}

/** A page in the conversation with bo, whose clock stands, and whose server is away until `otherwise` is set. */
async function cutOff() {
  const ana = await stage.ana({ prepare: listen });
  await ana.stands();
  stage.server.otherwise = resetAtOnce;
  stage.server.connections[0].reset();
  await ana.closedWith(1006);
  return ana;
}

/** Lets time pass until the banner counts down from so many seconds or more: pauses are random, and grow. */
async function counts(chat, least) {
  await until(`a countdown of ${least} s`, async () => {
    await chat.pass(100);
    return (await chat.banner.isVisible()) && (await countdown(chat))[0] >= least;
  });
}

/** The server is back, and these wrote meanwhile so many; done when the page has asked for that, and nothing has been shown yet. */
async function returns(chat, missed, play = stage.log.serve) {
  for (const [from, count] of Object.entries(missed)) {
    for (let n = 1; n <= count; n += 1) stage.log.commit(from, { id: `${from}${n}`, to: ['ana'], content: `${from} ${n}` });
  }
  stage.server.otherwise = play;
  const before = stage.server.connections.length;
  await chat.button('Try now').click();
  const back = await stage.server.connection(before);
  await becomes(() => back.heard('sync').map(({ conv }) => conv).sort(), Object.keys(missed).map((from) => `c:ana,${from}`));
  await chat.hearsEverything();
}

describe('an outage', () => {
  const chip = (chat) => chat.page.locator('.quiet-chip');

  test('is told with its reason, a countdown, what waits and Try now; and its end with what was sent and missed', async () => {
    const ana = await cutOff();
    for (const text of ['one', 'two', 'three']) await ana.send(text);
    // Storage takes real time, which is slower than what passes from here on.
    await becomes(async () => (await rowsOf(ana.page, 'outbox')).length, 3);
    await counts(ana, 4);
    const [seconds, failed] = await countdown(ana);
    assert.equal(await ana.banner.locator('.banner-what').innerText(), 'CLOSED Disconnected');
    await ana.banner.getByText('3 messages wait to be sent', { exact: true }).waitFor();
    await ana.banner.getByText(/^1006: the connection was lost/).waitFor();
    // The loss of the first counts as one.
    assert.equal(stage.server.connections.length, failed);
    for (const gone of [1, 2]) {
      await ana.pass(1_000);
      assert.deepEqual(await countdown(ana), [seconds - gone, failed]);
    }
    // What was missed comes a moment after the page knows that it is back. Of cy nobody has heard before.
    const asked = [];
    await returns(ana, { bo: 7, cy: 5 }, upToHistory(stage.log, asked));
    await becomes(() => stage.log.lines('c:ana,bo').slice(7), ['ana: one', 'ana: two', 'ana: three']);
    assert.equal(stage.server.connections.length, failed + 1);
    await ana.hearsEverything();
    await ana.pass(SHOWN + 50);
    assert.equal(await ana.banner.isVisible(), false);
    for (const answer of asked.splice(0)) answer();
    await ana.hearsEverything();
    await ana.pass(SETTLED - 20);
    assert.equal(await chip(ana).isVisible(), false, 'more may be on its way');
    await ana.pass(SHOWN + 50);
    assert.equal(await chip(ana).innerText(), 'Back online: sent 3, caught up on 12');
    await ana.pass(NEWS);
    assert.equal(await chip(ana).isVisible(), false);
    assert.ok((await spoken(ana)).includes('Back online: sent 3, caught up on 12'));
    assert.deepEqual((await ana.lines()).slice(-4), ['bo: bo 7', 'You: one', 'You: two', 'You: three']);
  });

  test('and where what was missed comes within the frame that says so, it is counted too', async () => {
    const ana = await cutOff();
    await counts(ana, 2);
    await returns(ana, { bo: 7 });
    await ana.pass(SHOWN + SETTLED + 50);
    assert.equal(await chip(ana).innerText(), 'Back online: caught up on 7');
  });
});
