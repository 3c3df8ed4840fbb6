// Each wire profile of the app against a small stand-in for that system: what goes into the
// URL, what goes over the wire, where an answer appears, and what is not offered.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SOCKET_FAILED } from './support/chat-page.mjs';
import { scene } from './support/scene.mjs';
import { standIn } from './support/stand-ins.mjs';
import { becomes } from './support/until.mjs';

const stage = scene();

const TEXT = 'say "hi", C:\\ $text $to\nsecond line ü 🎈';
const HANDED_OVER = 'Handed to the server; this system does not confirm';

async function system(name) {
  const server = await standIn(name);
  stage.finally(() => server.close());
  return server;
}

/** A page connected to `server` with its profile. */
async function member(server, profile, form) {
  const chat = await stage.visitor();
  await chat.signIn({ url: server.url, profile, ...form });
  return chat;
}

const handed = (text) => ({ from: 'You', text, state: HANDED_OVER });
const echoed = (text) => ({ from: 'You', text, state: 'Sent' });
const received = (from, text) => ({ from, text });

test('S1: one connection id is written to; an answer has no sender', async () => {
  const server = await system('s1');
  const ana = await member(server, 's1', { user: 'ana' });
  const bo = await member(server, 's1');
  assert.deepEqual(server.handshakes, ['/prod', '/prod'], 'no identity in the URL');
  const [anaId, boId] = [...server.connections.keys()];

  await ana.start(boId);
  await ana.send(TEXT);
  assert.equal(await server.framesReach(1), JSON.stringify({ action: 'sendMessage', connectionId: boId, message: TEXT }));
  await becomes(() => ana.timeline(), [handed(TEXT)]);

  await bo.open('Incoming');
  await becomes(() => bo.timeline(), [received('Unknown sender', TEXT)]);
  await bo.page.getByText('These messages name no sender.').waitFor();
  assert.equal(await bo.composer.isVisible(), false, 'nothing can be written to nobody');
  await bo.start(anaId);
  await bo.send('found you');
  await ana.open('Incoming');
  await becomes(() => ana.timeline(), [received('Unknown sender', 'found you')]);
});

test('S1: one connection id at a time, and no people to tick', async () => {
  const server = await system('s1');
  const ana = await member(server, 's1');
  await ana.button('New message').first().click();
  const dialog = ana.page.getByRole('dialog');
  await dialog.getByText('This system tells nobody who is online. Type a connection id.').waitFor();
  assert.equal(await dialog.getByRole('button', { name: 'Everyone' }).count(), 0);
  const id = dialog.getByLabel('Connection id');
  for (const text of ['first=', 'second=']) {
    await id.fill(text);
    await id.press('Enter');
  }
  assert.deepEqual(await dialog.locator('.chip bdi').allInnerTexts(), ['second=']);
});

test('S2: the user id stands in the URL; user ids are written to, one or several', async () => {
  const server = await system('s2');
  const ana = await member(server, 's2', { user: 'Ana & Bo/é', query: 'ticket=a=b+c' });
  const [bo, cy] = [await member(server, 's2', { user: 'bo' }), await member(server, 's2', { user: 'cy' })];
  assert.equal(server.handshakes[0], '/prod?userId=Ana%20%26%20Bo%2F%C3%A9&ticket=a%3Db%2Bc');

  await ana.start('bo');
  await ana.send(TEXT);
  assert.equal(await server.framesReach(1), JSON.stringify({ action: 'sendmessage', content: TEXT, to: 'bo' }));
  await becomes(() => ana.timeline(), [handed(TEXT)]);
  await bo.open('Incoming');
  await becomes(() => bo.timeline(), [received('Unknown sender', TEXT)]);

  await ana.start('cy', 'bo');
  await ana.send('to both');
  const group = JSON.parse(await server.framesReach(2));
  assert.deepEqual([group.action, group.content, group.to.sort()], ['sendmessage', 'to both', ['bo', 'cy']]);
  await cy.open('Incoming');
  await becomes(() => cy.timeline(), [received('Unknown sender', 'to both')]);
  await bo.shows(`Unknown sender: ${TEXT}`, 'Unknown sender: to both');
});

test('S2: where the system tells the sender, the message is in that conversation', async () => {
  const server = await system('s2');
  const ana = await member(server, 's2', { user: 'ana' });
  server.broadcast(JSON.stringify({ content: 'who am I?', from: 'bo' }));
  await ana.open('bo');
  await becomes(() => ana.timeline(), [received('bo', 'who am I?')]);
  await ana.send('bo!');
  assert.equal(await server.framesReach(1), '{"action":"sendmessage","content":"bo!","to":"bo"}');
  server.broadcast('{"message":"no content"}');
  server.broadcast('{"content":{"not":"a text"}}');
  server.broadcast('{"content":"and on","from":"bo"}');
  await ana.shows('bo: who am I?', 'You: bo!', 'bo: and on');
});

test('S3: announcements arrive as they are; nothing can be sent, and the page says so', async () => {
  const server = await system('s3');
  const ana = await member(server, 's3');
  assert.deepEqual(server.handshakes, ['/prod']);
  server.broadcast('{"event":"message","content":"not parsed"}');
  server.broadcast('<b>maintenance</b> at 10');
  await ana.open('Announcements');
  await becomes(() => ana.timeline(), [
    received('Unknown sender', '{"event":"message","content":"not parsed"}'),
    received('Unknown sender', '<b>maintenance</b> at 10'),
  ]);
  await ana.page.getByText('This system only announces: nothing can be sent.').waitFor();
  assert.equal(await ana.composer.isVisible(), false);
  assert.equal(await ana.button('New message').count(), 0, 'no conversation can be started');
  await ana.sidebar.getByText('This system only announces. It does not tell who else reads.').waitFor();
  assert.deepEqual(server.frames, [], 'not even a hello');
});

test('S4: the text itself is the frame; who says something is a connection id', async () => {
  const server = await system('s4');
  const [ana, bo] = [await member(server, 's4'), await member(server, 's4')];
  assert.deepEqual(server.handshakes, ['/prod', '/prod']);
  const [anaId] = [...server.connections.keys()];
  await ana.open('Everyone');
  await bo.open('Everyone');
  await ana.send(TEXT);
  assert.equal(await server.framesReach(1), TEXT);
  await becomes(() => ana.timeline(), [echoed(TEXT)]);
  await becomes(() => bo.timeline(), [received(anaId, TEXT)]);
  server.broadcast('{"message":"no sender here"}');
  await bo.shows(`${anaId}: ${TEXT}`, 'Unknown sender: no sender here');
  assert.equal(await ana.button('New message').count(), 0, 'there is one conversation');
  await ana.sidebar.getByText('This system sends every message to everybody, and does not tell who that is.').waitFor();
});

test('S5: one room; an own message comes back and is shown once', async () => {
  const server = await system('s5');
  const [ana, bo] = [await member(server, 's5', { user: 'ana' }), await member(server, 's5')];
  assert.deepEqual(server.handshakes, ['/prod', '/prod']);
  await ana.open('Everyone');
  await bo.open('Everyone');
  await ana.send(TEXT);
  assert.equal(await server.framesReach(1), JSON.stringify({ action: 'sendmessage', data: TEXT }));
  await becomes(() => bo.timeline(), [received('Unknown sender', TEXT)]);
  await bo.send('the same');
  // Else it would be taken for the echo of hers.
  await becomes(() => ana.timeline(), [echoed(TEXT), received('Unknown sender', 'the same')]);
  await ana.send('the same');
  await becomes(() => ana.timeline(), [echoed(TEXT), received('Unknown sender', 'the same'), echoed('the same')]);
  await bo.shows(`Unknown sender: ${TEXT}`, 'You: the same', 'Unknown sender: the same');
  assert.equal(await ana.button('New message').count(), 0);
});

test('a message written while an older system is away waits and goes out when it is back', async () => {
  const server = await system('s5');
  const ana = await member(server, 's5');
  await ana.open('Everyone');
  ana.allows(SOCKET_FAILED);
  server.away = true;
  for (const socket of server.connections.values()) socket.close(1001);
  await ana.isDown();
  await ana.send('later');
  assert.deepEqual(server.frames, []);
  server.away = false;
  await ana.isUp();
  assert.equal(await server.framesReach(1), '{"action":"sendmessage","data":"later"}');
  await becomes(() => ana.timeline(), [echoed('later')]);
  assert.equal(server.frames.length, 1);
});

test('each profile says in the form what it can and cannot do', async () => {
  const ana = await stage.visitor();
  const help = ana.page.locator('#profile-help');
  const said = { s1: 'connection, whose id you type', s2: 'user ids that you type', s3: 'Nothing can be sent', s4: 'No direct messages', s5: 'One room' };
  for (const [profile, words] of Object.entries(said)) {
    await ana.field('Kind of system').selectOption(profile);
    assert.match(await help.innerText(), new RegExp(words));
    const named = profile === 's2';
    assert.equal(await ana.field('Your user id').count(), named ? 1 : 0);
    assert.equal(await ana.field('Your name (optional)').count(), named ? 0 : 1);
  }
});
