// Send to render: from Enter in one page to the text in the other page's document, over a
// release gateway; beside a raw `ws` echo in the same run. Prints a table, or JSON with --json.

import { cpus } from 'node:os';
import { once } from 'node:events';

import { WebSocketServer } from 'ws';

import { ChatPage } from '../support/chat-page.mjs';
import { Client } from '../support/client.mjs';
import { Gateway } from '../support/gateway.mjs';
import { launch } from '../support/scene.mjs';
import { row, summary } from './summary.mjs';

const WARM_UP = 20;
const MESSAGES = 200;

/** In the receiving page: notes when each text enters the document. */
function watch() {
  window.rendered = new Map();
  const list = document.querySelector('div.messages');
  new MutationObserver(() => {
    const now = performance.timeOrigin + performance.now();
    const text = [...list.querySelectorAll('.message-text')].at(-1)?.textContent;
    if (text && !window.rendered.has(text)) window.rendered.set(text, now);
  }).observe(list, { childList: true, subtree: true, characterData: true });
}

/** In the sending page: types a text, presses Enter, tells when. */
function send(text) {
  const field = document.querySelector('#message');
  field.value = text;
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  const pressed = performance.timeOrigin + performance.now();
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', keyCode: 13, bubbles: true, cancelable: true }));
  return pressed;
}

async function chat(gateway, browser) {
  const pages = [];
  for (const user of ['ana', 'bo']) {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await ChatPage.open(context, gateway.url);
    await page.signIn({ user });
    pages.push(page);
  }
  const [ana, bo] = pages;
  await ana.start('bo');
  await ana.send('hello');
  await bo.open('ana');
  await bo.shows('ana: hello');
  await bo.page.evaluate(watch);
  const times = [];
  for (let n = 0; n < WARM_UP + MESSAGES; n += 1) {
    const text = `message ${n}`;
    const pressed = await ana.page.evaluate(send, text);
    const rendered = await (await bo.page.waitForFunction((text) => window.rendered.get(text), text, { polling: 5 })).jsonValue();
    // The next one begins when this one is over at the sender too.
    await ana.hasState('Delivered');
    if (n >= WARM_UP) times.push(rendered - pressed);
  }
  return times;
}

async function echo() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => socket.on('message', (data) => socket.send(data.toString())));
  await once(server, 'listening');
  const client = await Client.connect(`ws://127.0.0.1:${server.address().port}/`);
  const times = [];
  for (let n = 0; n < WARM_UP + MESSAGES; n += 1) {
    const sent = performance.now();
    const answered = once(client.socket, 'message');
    client.send(`message ${n}`);
    await answered;
    if (n >= WARM_UP) times.push(performance.now() - sent);
  }
  client.socket.terminate();
  await new Promise((resolve) => { server.close(resolve); });
  return times;
}

const gateway = await Gateway.start(['--log', 'warn']);
const browser = await launch();
try {
  const result = {
    sendToRender: { messages: MESSAGES, ...summary(await chat(gateway, browser)) },
    rawWsEcho: { messages: MESSAGES, ...summary(await echo()) },
    browser: browser.version(),
    machine: `${cpus().length} × ${cpus()[0]?.model.trim()}`,
  };
  result.ratioOfMedians = Math.round((result.sendToRender.medianMs / result.rawWsEcho.medianMs) * 100) / 100;
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify(result));
  } else {
    console.log([
      `${`${MESSAGES} messages, one at a time; ms`.padEnd(34)}   median      p95      max`,
      row('send → rendered in the other page'.padEnd(34), result.sendToRender),
      row('raw ws echo (node)'.padEnd(34), result.rawWsEcho),
      `ratio of the medians ${result.ratioOfMedians}; Chromium ${result.browser}; ${result.machine}`,
    ].join('\n'));
  }
} finally {
  await browser.close();
  await gateway.discard();
}
