// Each older system, S1 to S5, with a client that knows nothing of Switchboard: the frames of
// the published texts, to the byte, against the real gateway.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';

import { Client, Wscat } from './support/client.mjs';
import { Gateway } from './support/gateway.mjs';
import { becomes, until } from './support/until.mjs';

let gateway;
beforeEach(async () => { gateway = await Gateway.start(); });
afterEach(() => gateway.discard());

/** A `wscat` whose `$connect` has been served, with its connection id. */
async function wscat(query = '') {
  const from = gateway.log.length;
  const client = new Wscat(gateway.socketUrl + query);
  client.id = await gateway.connectionLogged(from);
  // It says nothing when it is connected, and loses what is typed before.
  await until('the handshake is through', async () => (await gateway.manage('POST', client.id, 'ready')).ok);
  await client.gets('ready');
  return client;
}

/** Everything posted before this has arrived: nothing else is unread. */
async function gotNothingElse(client) {
  const answer = await gateway.manage('POST', client.id, 'that is all');
  assert.equal(answer.status, 200);
  await client.gets('that is all');
}

describe('S1, direct by connection id', () => {
  const to = (client, message) => ({ action: 'sendMessage', connectionId: client.id, message });

  test('connect and disconnect log the connection id', async () => {
    const client = await gateway.connect();
    assert.match(client.id, /^[A-Za-z0-9_-]{15}=$/);
    await client.close();
    await gateway.logged(new RegExp(`disconnected.*connection=${client.id}|connection=${client.id}.*disconnected`));
    await becomes(() => gateway.connections(), 0);
  });

  test('the text arrives bare, at that connection only', async () => {
    const [ana, bo, cy] = [await gateway.connect(), await gateway.connect(), await gateway.connect()];
    ana.send(to(bo, 'Hello, "Bo"\n<b>ü</b> 🎈'));
    await bo.gets('Hello, "Bo"\n<b>ü</b> 🎈');
    bo.send(to(ana, 'hi'));
    await ana.gets('hi');
    for (const client of [ana, bo, cy]) await gotNothingElse(client);
  });

  test('a post to a connection that is gone is logged and does not cut the sender off', async () => {
    const [ana, bo, gone] = [await gateway.connect(), await gateway.connect(), await gateway.connect()];
    await gone.close();
    await becomes(() => gateway.connections(), 2);
    ana.send(to(gone, 'anybody there?'));
    await gateway.logged(new RegExp(`a post failed.*${gone.id}`));
    ana.send(to({ id: 'not a connection id' }, 'anybody there?'));
    ana.send(to(bo, 'still here'));
    await bo.gets('still here');
    await gotNothingElse(ana);
  });

  test('works from wscat', async () => {
    const [ana, bo] = [await wscat(), await wscat()];
    ana.type(JSON.stringify(to(bo, 'hello from wscat')));
    await bo.gets('hello from wscat');
    await ana.close();
    await bo.close();
    await becomes(() => gateway.connections(), 0);
  });
});

describe('S2, direct by user id', () => {
  const to = (users, content) => ({ action: 'sendmessage', content, to: users });

  test('a message reaches all connections of the user it names, and nobody else', async () => {
    const ana = await gateway.connect('?userId=ana');
    const [phone, laptop] = [await gateway.connect('?userId=bo'), await gateway.connect('?userId=bo')];
    const cy = await gateway.connect('?userId=cy');
    ana.send(to('bo', 'Hello'));
    for (const client of [phone, laptop]) await client.getsJson({ content: 'Hello' });
    for (const client of [ana, phone, laptop, cy]) await gotNothingElse(client);
  });

  test('a list names several users', async () => {
    const [ana, bo, cy, di] = [
      await gateway.connect('?userId=ana'), await gateway.connect('?userId=bo'),
      await gateway.connect('?userId=cy'), await gateway.connect('?userId=di'),
    ];
    ana.send(to(['bo', 'cy'], 'Hello, both'));
    for (const client of [bo, cy]) await client.getsJson({ content: 'Hello, both' });
    for (const client of [ana, bo, cy, di]) await gotNothingElse(client);
  });

  test('the sender is the one of the connection, whatever the frame claims', async () => {
    const [ana, bo] = [await gateway.connect('?userId=ana'), await gateway.connect('?userId=bo')];
    ana.send({ ...to('bo', 'it is me'), from: 'cy', userId: 'cy' });
    await bo.getsJson({ content: 'it is me', from: 'ana' });
  });

  test('a connection that closed gets nothing, the others of its user still do', async () => {
    const ana = await gateway.connect('?userId=ana');
    const [phone, laptop] = [await gateway.connect('?userId=bo'), await gateway.connect('?userId=bo')];
    await phone.close();
    await becomes(() => gateway.connections(), 2);
    ana.send(to('bo', 'one left'));
    await laptop.getsJson({ content: 'one left' });
    ana.send(to('nobody', 'to a stranger'));
    ana.send(to('bo', 'and again'));
    await laptop.getsJson({ content: 'and again' });
    assert.deepEqual(phone.unread, []);
    await gotNothingElse(ana);
  });

  test('user ids are decoded from the query', async () => {
    const [ana, other] = [await gateway.connect('?userId=ana'), await gateway.connect('?userId=J%C3%BCrg%20M%26M')];
    ana.send(to('Jürg M&M', 'Grüezi'));
    await other.getsJson({ content: 'Grüezi' });
  });

  test('works from wscat', async () => {
    const [ana, bo] = [await wscat('?userId=ana'), await wscat('?userId=bo')];
    ana.type(JSON.stringify(to('bo', 'hello from wscat')));
    await bo.getsJson({ content: 'hello from wscat', from: 'ana' });
    await Promise.all([ana.close(), bo.close()]);
  });
});

describe('S3, server push from a queue', () => {
  test('each record reaches every live connection as it is', async () => {
    const everybody = [
      await gateway.connect(), await gateway.connect('?userId=ana'), await gateway.connect('?userId=bo'),
    ];
    await gateway.enqueue('maintenance at 10 – {"not":"parsed"}');
    for (const client of everybody) await client.gets('maintenance at 10 – {"not":"parsed"}');
  });

  test('more records than a batch of 10 all arrive, each once and in order', async () => {
    const client = await gateway.connect();
    const records = Array.from({ length: 25 }, (_, n) => `record ${n}`);
    for (const record of records) await gateway.enqueue(record);
    for (const record of records) await client.gets(record);
    await gotNothingElse(client);
  });

  test('one dead connection does not stop the others', async () => {
    const [first, dead, last] = [await gateway.connect(), await gateway.connect(), await gateway.connect()];
    dead.socket.terminate();
    await gateway.enqueue('still flowing');
    for (const client of [first, last]) await client.gets('still flowing');
    assert.deepEqual(await gateway.deadLetters(), []);
  });

  test('a record that nobody can take is dead-lettered after one receive, and listed', async () => {
    const client = await gateway.connect();
    const poison = 'x'.repeat(128 * 1024 + 1);
    const id = await gateway.enqueue(poison);
    await gateway.enqueue('the next one');
    await client.gets('the next one');
    const [letter, ...others] = await until('a dead letter', async () => {
      const letters = await gateway.deadLetters();
      return letters.length > 0 && letters;
    });
    assert.deepEqual(others, []);
    assert.equal(letter.messageId, id);
    await gotNothingElse(client);
  });
});

describe('S4, broadcast through $default', () => {
  test('any text goes to everybody, the sender included, with its connection id', async () => {
    const [ana, bo, cy] = [await gateway.connect(), await gateway.connect(), await gateway.connect('?userId=cy')];
    const texts = ['hello', '{"action":"no such route"}', '{"no":"action"}', '[1,2]', 'null', '{broken', 'says: "hi" says: \\'];
    for (const text of texts) {
      ana.send(text);
      for (const client of [ana, bo, cy]) await client.gets(`{"message":${JSON.stringify(`${ana.id} says: ${text}`)}}`);
    }
  });

  test('an empty message is not broadcast and cuts nobody off', async () => {
    const [ana, bo] = [await gateway.connect(), await gateway.connect()];
    ana.send('');
    ana.send('after the empty one');
    for (const client of [ana, bo]) await client.getsJson({ message: `${ana.id} says: after the empty one` });
  });

  test('the sender can be left out', async () => {
    await gateway.discard();
    gateway = await Gateway.start(['--leave-sender-out']);
    const [ana, bo] = [await gateway.connect(), await gateway.connect()];
    ana.send('to the others');
    await bo.getsJson({ message: `${ana.id} says: to the others` });
    bo.send('answer');
    await ana.getsJson({ message: `${bo.id} says: answer` });
  });

  test('one dead connection does not stop the others', async () => {
    const [ana, dead, bo] = [await gateway.connect(), await gateway.connect(), await gateway.connect()];
    dead.socket.terminate();
    ana.send('who is left?');
    for (const client of [ana, bo]) await client.getsJson({ message: `${ana.id} says: who is left?` });
  });

  test('works from wscat', async () => {
    const [ana, bo] = [await wscat(), await wscat()];
    ana.type('any text at all');
    for (const client of [ana, bo]) await client.gets(`{"message":"${ana.id} says: any text at all"}`);
    await Promise.all([ana.close(), bo.close()]);
  });
});

describe('S5, one chat room', () => {
  const say = (data) => ({ action: 'sendmessage', data });

  test('a message goes bare to everyone connected, the sender included', async () => {
    const room = [await gateway.connect(), await gateway.connect(), await gateway.connect('?userId=cy')];
    room[0].send(say('hello world'));
    for (const client of room) await client.gets('hello world');
    room[2].send(say('hello back'));
    for (const client of room) await client.gets('hello back');
  });

  test('works from wscat', async () => {
    const [ana, bo] = [await wscat(), await wscat()];
    ana.type('{"action":"sendmessage","data":"hello world"}');
    for (const client of [ana, bo]) await client.gets('hello world');
    await Promise.all([ana.close(), bo.close()]);
  });

  test('a stale connection is removed by its own 410; sender and others are not', async () => {
    // $disconnect never runs for lost connections here, so only a 410 can clear the roster.
    await gateway.discard();
    gateway = await Gateway.start(['--loss', 'untold']);
    const [ana, stale, bo] = [await gateway.connect(), await gateway.connect(), await gateway.connect()];
    stale.socket.terminate();
    await becomes(() => gateway.connections(), 2);
    // Rows of the first second are kept: the platform answers 410 during a handshake too.
    await until('the stale row is old enough to go', async () => {
      ana.send({ action: 'sendmessage', data: 'anybody?' });
      for (const client of [ana, bo]) await client.gets('anybody?');
      return gateway.log.some((line) => line.includes(`: gone connection=${stale.id}`));
    });
    const failures = () => gateway.log.filter((line) => /a post failed/.test(line)).length;
    const before = failures();
    ana.send({ action: 'sendmessage', data: 'all here' });
    for (const client of [ana, bo]) await client.gets('all here');
    bo.send({ action: 'sendmessage', data: 'all here' });
    for (const client of [ana, bo]) await client.gets('all here');
    assert.equal(failures(), before, 'nothing is posted to the stale connection any more');
    for (const client of [ana, bo]) await gotNothingElse(client);
  });
});

describe('what all of them share', () => {
  test('binary and oversized frames close their own connection only', async () => {
    const bystander = await gateway.connect();
    const binary = await gateway.connect();
    binary.socket.send(Buffer.from([1, 2, 3]));
    assert.equal((await binary.closed).code, 1003);
    const large = await gateway.connect();
    large.send('x'.repeat(32 * 1024 + 1));
    assert.equal((await large.closed).code, 1009);
    await gotNothingElse(bystander);
  });

  test('a foreign origin is refused', async () => {
    const stranger = new Client(gateway.socketUrl, { origin: 'https://evil.example' });
    const refusal = await new Promise((resolve) => {
      stranger.socket.once('unexpected-response', (_, response) => resolve(response.statusCode));
    });
    assert.equal(refusal, 403);
    stranger.socket.terminate();
  });
});
