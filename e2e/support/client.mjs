// Foreign clients: `ws`, and the `wscat` program driven over its standard input.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import WebSocket from 'ws';

import { inRepository } from './paths.mjs';
import { until, within } from './until.mjs';

/** What a client got, in order, and the waiting for more. */
class Inbox {
  /** Every text received. */
  received = [];
  #read = 0;

  /** The next text that was not read yet. */
  next(what = 'a message') {
    return until(`${this.name ?? 'the client'} gets ${what}`, () =>
      this.#read < this.received.length && { text: this.received[this.#read++] },
    ).then(({ text }) => text);
  }

  /** The next text is exactly this one. */
  async gets(text) {
    assert.equal(await this.next(text), text);
  }

  /** The next text is JSON that has these fields, among others. */
  async getsJson(fields) {
    const value = JSON.parse(await this.next(JSON.stringify(fields)));
    for (const [name, expected] of Object.entries(fields)) assert.deepEqual(value[name], expected);
    return value;
  }

  /** What was received and not read. */
  get unread() {
    return this.received.slice(this.#read);
  }
}

/** One `ws` connection. */
export class Client extends Inbox {
  constructor(url, options) {
    super();
    this.socket = new WebSocket(url, options);
    this.socket.on('message', (data, binary) => this.received.push(binary ? data : data.toString()));
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  static async connect(url, options) {
    const client = new Client(url, options);
    await within(`a connection to ${url}`, once(client.socket, 'open'));
    return client;
  }

  /** Sends text as it is, anything else as JSON. */
  send(data) {
    this.socket.send(typeof data === 'string' ? data : JSON.stringify(data));
  }

  close() {
    this.socket.close();
    return within('the close handshake', this.closed);
  }
}

/** One run of `wscat -c`. */
export class Wscat extends Inbox {
  constructor(url) {
    super();
    this.name = 'wscat';
    const program = inRepository('e2e/node_modules/wscat/bin/wscat');
    this.process = spawn(process.execPath, [program, '--connect', url]);
    createInterface(this.process.stdout).on('line', (line) => {
      // Without a terminal its prompt is written all the same, before the next message.
      this.received.push(line.replace(/^(> )+/, ''));
    });
  }

  type(line) {
    this.process.stdin.write(`${line}\n`);
  }

  async close() {
    this.process.stdin.end();
    await within('wscat ends', once(this.process, 'exit'));
  }
}
