// The functions as programs, of the profile that is deployed: how long each takes from its start to its first
// `next`, and a direct message from one connection to another through the gateway's runtime mode, over
// the DynamoDB at AWS_ENDPOINT_URL, which is asked four times for it in three steps; and how long one question
// takes there. Prints a table, or JSON with --json.
//
//   AWS_ENDPOINT_URL=… AWS_REGION=… AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=… TABLE_NAME=… \
//     node e2e/bench/functions.mjs DIR ws://… [--json]

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { resolve } from 'node:path';

import { Client } from '../support/client.mjs';
import { hold } from './bars.mjs';
import { row, summary } from './summary.mjs';

const STARTS = 20;
const WARM_UP = 20;
const MESSAGES = 200;
/** Most that the median may be. */
const [START_MS, MESSAGE_MS] = [50, 5];

const [folder, socketUrl] = process.argv.slice(2);
const { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, AWS_ACCESS_KEY_ID: account, TABLE_NAME: table } = process.env;
/** What a function is told; nothing is asked of the addresses before it is invoked. */
const variables = {
  ...process.env,
  CALLBACK_URL: 'http://127.0.0.1:9/dev',
  QUEUE_URL: 'http://127.0.0.1:9/queue/messages',
  TICKETS_TABLE: 'tickets',
  IDENTITY: 'bearer',
  TOKEN_KEYS: 'https://idp.example/keys',
  TOKEN_ISSUER: 'https://idp.example',
  TOKEN_AUDIENCE: 'chat',
};

/** ms from the program's start until it asks for an event. */
async function start(name) {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const asked = once(server, 'request');
  const begun = performance.now();
  const child = spawn(resolve(folder, name), {
    env: {
      ...variables,
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${server.address().port}`,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  const [request] = await Promise.race([asked, ended.then(([code]) => { throw new Error(`${name} ended (${code})`); })]);
  const took = performance.now() - begun;
  if (!request.url.endsWith('/runtime/invocation/next')) throw new Error(`${name} asked for ${request.url}`);
  child.kill('SIGKILL');
  await ended;
  server.closeAllConnections();
  server.close();
  return took;
}

/** One call of DynamoDB's, unsigned: the emulator was not told to look. */
async function dynamo(operation, input) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': `DynamoDB_20120810.${operation}`,
      'X-Amz-Date': '20260101T000000Z',
      Authorization: `AWS4-HMAC-SHA256 Credential=${account}/20260101/${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(input),
  });
  if (!response.ok) throw new Error(`${operation}: ${response.status} ${await response.text()}`);
}

/** A person's connection, greeted; `next(event)` resolves when the next frame of that name comes. */
async function greeted(user) {
  const { socket } = await Client.connect(`${socketUrl}?userId=${user}`);
  const send = (frame) => socket.send(JSON.stringify(frame));
  const next = (event) => new Promise((resolve) => {
    const hear = (text) => {
      if (JSON.parse(text).event !== event) return;
      socket.off('message', hear);
      resolve();
    };
    socket.on('message', hear);
  });
  const welcome = next('welcome');
  send({ action: 'hello', v: 1, rid: 1, device: user, tab: 't' });
  await welcome;
  return { send, next, end: () => socket.terminate() };
}

async function messages() {
  const [ana, bo] = [await greeted('ana'), await greeted('bo')];
  const times = { received: [], acknowledged: [] };
  for (let n = 0; n < WARM_UP + MESSAGES; n += 1) {
    const begun = performance.now();
    const took = () => performance.now() - begun;
    const both = Promise.all([bo.next('message').then(took), ana.next('ack').then(took)]);
    ana.send({ action: 'sendmessage', v: 1, id: `m${n}`, to: ['bo'], content: `message ${n}` });
    const [received, acknowledged] = await both;
    if (n < WARM_UP) continue;
    times.received.push(received);
    times.acknowledged.push(acknowledged);
  }
  ana.end();
  bo.end();
  return times;
}

/** One read after another, as a function asks for it. */
async function reads() {
  const times = [];
  for (let n = 0; n < WARM_UP + MESSAGES; n += 1) {
    const begun = performance.now();
    await dynamo('GetItem', { TableName: table, Key: { PK: { S: 'none' }, SK: { S: 'none' } } });
    if (n >= WARM_UP) times.push(performance.now() - begun);
  }
  return times;
}

await dynamo('CreateTable', {
  TableName: table,
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [{ AttributeName: 'PK', KeyType: 'HASH' }, { AttributeName: 'SK', KeyType: 'RANGE' }],
  AttributeDefinitions: ['PK', 'SK'].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
});
const result = {};
const note = (what, times) => { result[what] = { count: times.length, ...summary(times) }; };
for (const name of ['routes', 'publisher', 'kick', 'authorizer', 'tickets']) {
  const times = [];
  for (let n = 0; n < STARTS; n += 1) times.push(await start(name));
  note(`${name}: start → next`, times);
}
const { received, acknowledged } = await messages();
note('direct message → received', received);
note('direct message → acknowledged', acknowledged);
note('one read of that DynamoDB', await reads());
if (process.argv.includes('--json')) {
  console.log(JSON.stringify(result));
} else {
  console.log(`${'ms'.padEnd(40)}    count   median      p95      max`);
  for (const [name, of] of Object.entries(result)) console.log(row(name.padEnd(40) + String(of.count).padStart(9), of));
}
for (const [name, { medianMs }] of Object.entries(result)) {
  if (name.endsWith('→ next')) hold([[`${name}, ms`, medianMs, 'at most', START_MS]]);
  if (name.startsWith('direct message')) hold([[`${name}, ms`, medianMs, 'at most', MESSAGE_MS]]);
}
