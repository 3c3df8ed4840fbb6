// The promise, whole: two pages, a bad network, a server that is killed again and again, and 2,000
// messages each way. Every one is shown exactly once and in the same order, after a reload too.

import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';

import { SOCKET_FAILED } from './support/chat-page.mjs';
import { FaultProxy } from './support/fault-proxy.mjs';
import { scene } from './support/scene.mjs';
import { readBack, waiting, write } from './support/talk.mjs';
import { until } from './support/until.mjs';

const MESSAGES = Number(process.env.PROOF_MESSAGES ?? 2_000);
const KILLS = 5;
/** All of it, ms. */
const BOUND = 150_000;
const seed = Number(process.env.PROOF_SEED ?? randomInt(1, 2 ** 31));

const stage = scene();

/** Every text once, each sender's in the order written; the order itself. */
function judge(whose, rows) {
  const texts = rows.map(({ text }) => text);
  assert.equal(new Set(texts).size, texts.length, `${whose}: nothing twice`);
  for (const letter of ['a', 'b']) {
    const own = texts.filter((text) => text.startsWith(letter)).map((text) => Number(text.slice(1)));
    assert.deepEqual(own, Array.from({ length: MESSAGES }, (_, n) => n + 1), `${whose}: all of ${letter}, in order`);
  }
  assert.equal(texts.length, 2 * MESSAGES, `${whose}: nothing else`);
  return texts;
}

test(`${MESSAGES} messages each way through a bad network and ${KILLS} kills`, { timeout: BOUND }, async (t) => {
  t.diagnostic(`seed ${seed}; PROOF_SEED=${seed} repeats it`);
  const started = Date.now();
  const proxy = await FaultProxy.start(new URL(stage.gateway.url).host, seed);
  stage.finally(() => proxy.discard());
  const people = [];
  for (const user of ['ana', 'bo']) {
    const chat = await stage.visitor();
    await chat.page.goto(`http://${proxy.host}/`);
    await chat.settled();
    chat.allows(SOCKET_FAILED);
    await chat.signIn({ user });
    people.push(chat);
  }
  const [ana, bo] = people;
  await ana.start('bo');
  await bo.start('ana');
  const before = proxy.did.connections;
  proxy.storm();
  try {
    const writing = Promise.all([write(ana, 'a', MESSAGES), write(bo, 'b', MESSAGES)]);
    writing.catch(() => {});
    const left = async () => {
      const counts = await Promise.all(people.map(waiting));
      return counts[0] + counts[1];
    };
    await writing;
    const written = Date.now();
    let kills = 0;
    for (; kills < KILLS; kills += 1) {
      // One kill each time a further sixth of the messages has got through.
      const threshold = (2 * MESSAGES * (KILLS - kills)) / (KILLS + 1);
      await until(`${threshold} messages or fewer wait`, async () => (await left()) <= threshold, BOUND);
      await stage.gateway.kill();
      await stage.gateway.startAgain();
    }
    await until('every message has been confirmed', async () => (await left()) === 0, BOUND);
    proxy.clear();
    const confirmed = Date.now();
    for (const chat of people) await until('connected', async () => /Connected$/.test(await chat.status()), 60_000);
    const orders = [];
    for (const [chat, whose] of [[ana, 'ana'], [bo, 'bo']]) {
      const last = () => chat.page.locator('ol.messages > li.message').count();
      await until(`${whose} shows something`, last);
      if (process.env.DBG) { const r = await readBack(chat); console.log(whose, r.length, JSON.stringify(r.map(x=>x.text)), JSON.stringify(r.map(x=>x.state)), await chat.status(), await waiting(chat), await chat.page.locator('button.load').innerText()); }
      await until(`${whose} shows everything`, async () => (await readBack(chat)).length >= 2 * MESSAGES, 60_000);
      const rows = await readBack(chat);
      orders.push(judge(whose, rows));
      const unconfirmed = rows.filter(({ state }) => state !== undefined && !/^(Sent|Delivered)/.test(state));
      assert.deepEqual(unconfirmed, []);
    }
    assert.deepEqual(orders[0], orders[1], 'the same order on both pages');
    for (const [chat, whose, other] of [[ana, 'ana', 'bo'], [bo, 'bo', 'ana']]) {
      await chat.page.reload();
      await chat.isUp();
      await chat.open(other);
      await until(`${whose} shows something`, async () => (await chat.lines()).length > 0);
      assert.deepEqual(judge(`${whose}, reloaded`, await readBack(chat)), orders[0], 'the same order after a reload');
    }
    const seconds = (from, to) => ((to - from) / 1_000).toFixed(1);
    const { connections, ...did } = proxy.did;
    t.diagnostic(`${2 * MESSAGES} messages; written in ${seconds(started, written)} s, confirmed after ${seconds(started, confirmed)} s, `
      + `read twice from both pages after ${seconds(started, Date.now())} s`);
    t.diagnostic(`${kills} kills, ${connections - before} connections through the proxy; ${JSON.stringify(did)}`);
  } catch (error) {
    error.message += `\n(seed ${seed}: PROOF_SEED=${seed} repeats the network's faults)`;
    throw error;
  }
});
