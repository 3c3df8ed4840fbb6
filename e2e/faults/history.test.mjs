// Faults 43 and 44: what is not here of a conversation, messages missing above those that are. And older
// ones below.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { faultScene } from '../support/fault-scene.mjs';
import { upToHistory } from '../support/plays.mjs';
import { becomes, until } from '../support/until.mjs';

const stage = faultScene();

/** How long a missing message may still come by itself, and a page of history may take, ms. */
const GAP = 500;
const SYNC = 10_000;
/** On a clock that stands no frame is painted: what changes is shown by then, ms. */
const SHOWN = 250;

/** Numbers from `first` to `last` as bo says them. */
const told = (first, last) => Array.from({ length: last - first + 1 }, (_, n) => `bo: ${first + n}`);

/** bo's messages of these numbers are in the log, and nobody is told of them. */
const commit = (first, last) => told(first, last).map((_, n) =>
  stage.log.commit('bo', { id: `m${first + n}`, to: ['ana'], content: `${first + n}` }).message);

/** Who asked for history and has no answer yet, oldest first; each answers when it is called. */
function holdHistory() {
  const asked = [];
  stage.server.otherwise = upToHistory(stage.log, asked);
  return asked;
}

const gap = (chat) => chat.page.locator('.gap');

describe('messages that are missing', () => {
  /** ana's page, whose clock stands, with three messages of bo's; whatever history it asks for waits in `asked`. */
  async function scene() {
    const asked = holdHistory();
    const ana = await stage.ana();
    for (const message of commit(1, 3)) stage.log.push(message);
    // Of a conversation it had not heard of, it asks what came before.
    await becomes(() => asked.length, 1);
    asked.pop()();
    await ana.shows(...told(1, 3));
    assert.equal(await gap(ana).isVisible(), false);
    // That they are read has a place in the log as well.
    await becomes(() => stage.log.of('c:ana,bo').length, 4);
    await ana.stands();
    const syncs = () => stage.server.last.heard('sync').slice(1).map(({ after, before }) => ({ after, before }));
    return { ana, asked, syncs };
  }

  test('fault 44: are told of in a row below, asked for once they do not come by themselves, and put where they belong', async () => {
    const { ana, asked, syncs } = await scene();
    const [, , sixth] = commit(4, 6);
    stage.log.push(sixth);
    await ana.hearsEverything();
    await ana.pass(SHOWN);
    assert.equal(await gap(ana).innerText(), '3 newer messages still missing');
    assert.deepEqual(await ana.lines(), told(1, 3), 'what came is not shown without what comes before it');
    assert.deepEqual(syncs(), []);
    await ana.pass(GAP - SHOWN);
    await becomes(syncs, [{ after: 4, before: undefined }]);
    // Without an answer it asks again.
    await ana.pass(SYNC);
    await becomes(() => syncs().length, 2);
    assert.ok(await gap(ana).isVisible());
    assert.equal(asked.length, 2);
    asked.pop()();
    await ana.hearsEverything();
    await ana.pass(SHOWN);
    await ana.shows(...told(1, 6));
    assert.equal(await gap(ana).isVisible(), false);
    // The first answer comes late, and changes nothing.
    asked.pop()();
    stage.log.push(commit(7, 7)[0]);
    await ana.hearsEverything();
    await ana.pass(SHOWN);
    await ana.shows(...told(1, 7));
    assert.equal(await gap(ana).isVisible(), false);
  });

  test('fault 43: and come in another order are asked of nobody', async () => {
    const { ana, syncs } = await scene();
    const [fourth, fifth] = commit(4, 5);
    stage.log.push(fifth);
    await ana.hearsEverything();
    await ana.pass(SHOWN);
    assert.equal(await gap(ana).innerText(), '2 newer messages still missing');
    stage.log.push(fourth);
    await ana.hearsEverything();
    await ana.pass(SHOWN);
    await ana.shows(...told(1, 5));
    assert.equal(await gap(ana).isVisible(), false);
    await ana.pass(GAP);
    // Whatever it had asked for would have come before this.
    await ana.send('and now');
    await stage.server.last.hears('sendmessage');
    assert.deepEqual(syncs(), []);
  });

  test('and told of by a new connection are told of too', async () => {
    const { ana, asked } = await scene();
    commit(4, 6);
    stage.server.last.reset();
    await until('history is asked for', async () => {
      await ana.pass(100);
      return asked.length === 1;
    });
    await ana.pass(SHOWN);
    assert.match(await ana.status(), /OPEN Connected$/);
    assert.ok(await gap(ana).isVisible());
    assert.equal(await gap(ana).innerText(), '3 newer messages still missing');
    asked.pop()();
    await ana.hearsEverything();
    await ana.pass(SHOWN);
    await ana.shows(...told(1, 6));
    assert.equal(await gap(ana).isVisible(), false);
  });
});

describe('older messages', () => {
  const load = (chat) => chat.button('Load earlier messages');
  const loading = (chat) => chat.button('Loading earlier messages…');
  const beginning = (chat) => chat.page.getByText('The conversation begins here.');

  // A press without scrolling there, which would ask by itself.
  const press = (button) => button.evaluate((it) => it.click());

  test('are asked for by a press, once, also over a lost connection, until the conversation begins', async () => {
    commit(1, 90);
    const asked = holdHistory();
    const ana = await stage.ana();
    await becomes(() => asked.length, 1);
    assert.equal(await gap(ana).isVisible(), false, 'where nothing is yet, nothing is newer');
    asked.pop()();
    await ana.shows(...told(41, 90));
    assert.equal(await load(ana).getAttribute('aria-disabled'), 'false');
    assert.equal(await beginning(ana).isVisible(), false);
    await press(load(ana));
    await loading(ana).waitFor();
    assert.equal(await loading(ana).getAttribute('aria-disabled'), 'true');
    await press(loading(ana));
    await ana.send('meanwhile');
    await stage.server.last.hears('sendmessage');
    assert.equal(asked.length, 1, 'the second press asks for nothing');
    // Whoever was asked is gone, and the next one is asked.
    asked.pop();
    stage.server.last.reset();
    await ana.returns(1);
    await becomes(() => stage.server.last.heard('sync').map(({ before }) => before), [41]);
    assert.ok(await loading(ana).isVisible());
    assert.deepEqual(await ana.lines(), [...told(41, 90), 'You: meanwhile']);
    asked.pop()();
    await ana.shows(...told(1, 90), 'You: meanwhile');
    assert.ok(await beginning(ana).isVisible());
    for (const button of [load(ana), loading(ana)]) assert.equal(await button.isVisible(), false);
  });
});
