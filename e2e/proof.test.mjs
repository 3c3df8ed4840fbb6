// The promise, whole: two pages, a bad network, a server that is killed again and again, and 2,000
// messages each way. Every one is shown exactly once and in the same order, after a reload too.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SOCKET_FAILED } from './support/chat-page.mjs';
import { FaultProxy } from './support/fault-proxy.mjs';
import { scene } from './support/scene.mjs';
import { hasLeft, readBack, write } from './support/talk.mjs';
import { until } from './support/until.mjs';

/** Each way. */
const MESSAGES = 2_000;
const KILLS = 5;
/** What all of it may take, ms: on two idle cores a fifth of it. */
const BOUND = 800_000;
/** Names the network's faults; the same in every run unless told otherwise. */
const seed = Number(process.env.PROOF_SEED ?? 20_261_125);

const stage = scene();

/** Every text once, each sender's in the order written; returns the order of all. */
function judge(whose, rows) {
  const texts = rows.map(({ text }) => text);
  assert.equal(new Set(texts).size, texts.length, `${whose}: nothing twice`);
  for (const letter of ['a', 'b']) {
    const own = texts.filter((text) => text.startsWith(letter));
    const written = Array.from({ length: MESSAGES }, (_, n) => `${letter}${n + 1}`);
    const missing = written.filter((text) => !own.includes(text));
    assert.deepEqual({ count: missing.length, first: missing.slice(0, 20) }, { count: 0, first: [] }, `${whose}: nothing of ${letter} is missing`);
    const wrong = own.findIndex((text, n) => text !== written[n]);
    // A reporter prints the first hundred of a list: where it went wrong is said here.
    assert.equal(wrong, -1, `${whose}: ${letter} in order, not ${own.slice(Math.max(wrong - 3, 0), wrong + 4)}`);
  }
  assert.equal(texts.length, 2 * MESSAGES, `${whose}: nothing else`);
  return texts;
}

/** Rows are counted, not pixels: a frame for each of 4,000 messages would take most of the time. */
const doNotPaint = (chat) => chat.page.addStyleTag({ content: 'div.messages { display: none }' });

/** A page of `user` behind the proxy, in the conversation with `other`. */
async function person(proxy, user, other) {
  const chat = await stage.visitor();
  await chat.page.goto(`http://${proxy.host}/`);
  await chat.settled();
  chat.allows(SOCKET_FAILED);
  await chat.signIn({ user });
  await chat.start(other);
  await doNotPaint(chat);
  return chat;
}

/** Kills the gateway each time either page has got a further part of its messages through. */
async function killAgainAndAgain(people) {
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const left = Math.round(MESSAGES * (1 - kill / (KILLS + 1)));
    await Promise.race(people.map((chat) => hasLeft(chat, left)));
    await stage.gateway.kill();
    await stage.gateway.startAgain();
  }
}

test(`${MESSAGES} messages each way through a bad network and ${KILLS} kills`, { timeout: BOUND }, async (t) => {
  const started = Date.now();
  const seconds = () => ((Date.now() - started) / 1_000).toFixed(1);
  t.diagnostic(`seed ${seed}; PROOF_SEED=${seed} repeats what the network does`);
  const proxy = await FaultProxy.start(new URL(stage.gateway.url).host, seed);
  stage.finally(() => proxy.discard());
  const people = [await person(proxy, 'ana', 'bo'), await person(proxy, 'bo', 'ana')];
  const calm = proxy.did.connections;
  proxy.storm();
  const killing = killAgainAndAgain(people);
  // It fails where it is awaited, below.
  killing.catch(() => {});
  await Promise.all(people.map((chat, index) => write(chat, 'ab'[index], MESSAGES)));
  t.diagnostic(`${seconds()} s: everything is written`);
  await killing;
  await Promise.all(people.map((chat) => hasLeft(chat, 0)));
  proxy.clear();
  const { connections, ...did } = proxy.did;
  t.diagnostic(`${seconds()} s: everything is confirmed, after ${KILLS} kills and over ${connections - calm} connections; the network: ${JSON.stringify(did)}`);

  const orders = await Promise.all(people.map(async (chat, index) => {
    const whose = 'ab'[index];
    let rows;
    await until(`${whose} shows everything`, async () => {
      rows = await readBack(chat);
      return rows.length >= 2 * MESSAGES;
    }, BOUND);
    assert.deepEqual(rows.filter(({ state }) => state !== undefined && !/^(Sent|Delivered|Read)/.test(state)), []);
    return judge(whose, rows);
  }));
  assert.deepEqual(orders[0], orders[1], 'the same order on both pages');
  t.diagnostic(`${seconds()} s: read from both pages`);
  await Promise.all(people.map(async (chat, index) => {
    await chat.page.reload();
    await until('connected again', async () => /OPEN Connected$/.test(await chat.status()), BOUND);
    await chat.open(['bo', 'ana'][index]);
    await doNotPaint(chat);
    await until('the conversation shows something', async () => (await chat.lines()).length > 0, BOUND);
    assert.deepEqual(judge(`${'ab'[index]}, reloaded`, await readBack(chat)), orders[0], 'the same order after a reload');
  }));
  t.diagnostic(`${seconds()} s: read again after a reload of both`);
});
