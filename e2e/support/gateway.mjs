// The real gateway: its own process, a free port, a fresh data folder.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { Client } from './client.mjs';
import { dist, gatewayBinary } from './paths.mjs';
import { until, within } from './until.mjs';

export class Gateway {
  /** Lines the gateway logged, from every start. */
  log = [];
  #options;
  #process;
  #listen = '127.0.0.1:0';

  constructor(data, options) {
    this.data = data;
    this.#options = options;
  }

  /** Starts a gateway that serves the app; `options` are further words of its command line. */
  static async start(options = []) {
    const data = await mkdtemp(join(tmpdir(), 'switchboard-e2e-'));
    const gateway = new Gateway(data, options);
    await gateway.startAgain();
    return gateway;
  }

  /** Starts it where it was, on the data it left. */
  async startAgain() {
    const words = ['--app', dist(), '--listen', this.#listen, '--data', this.data, ...this.#options];
    const child = spawn(gatewayBinary(), words, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    createInterface(child.stderr).on('line', (line) => this.log.push(line));
    const page = new Promise((resolve, reject) => {
      createInterface(child.stdout).on('line', (line) => {
        const [, address] = /^page\s+(http:\S+)/.exec(line) ?? [];
        if (address) resolve(address);
      });
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`the gateway ended (${code}):\n${this.log.join('\n')}`)));
    });
    this.url = await within('the gateway starts', page);
    this.#listen = new URL(this.url).host;
  }

  /** The WebSocket's URL. */
  get socketUrl() {
    return `ws://${this.#listen}/dev`;
  }

  /** From now on it answers nobody, and keeps its sockets, as a network that is gone does. */
  fallSilent() {
    this.#process.kill('SIGSTOP');
  }

  /** Ends it without a goodbye, as a power cut would. */
  kill() {
    return this.#end('SIGKILL');
  }

  /** Asks it to stop, as an operator would. */
  stop() {
    return this.#end('SIGTERM');
  }

  async #end(signal) {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = once(this.#process, 'exit');
    this.#process.kill(signal);
    await within('the gateway ends', gone);
  }

  /** Ends it for good and removes its data. */
  async discard() {
    await this.kill();
    await rm(this.data, { recursive: true, force: true });
  }

  /** The first match of `pattern` in what was logged from line `from` on. */
  logged(pattern, from = 0) {
    return until(`the gateway logs ${pattern}`, () => {
      for (const line of this.log.slice(from)) {
        const match = pattern.exec(line);
        if (match) return match;
      }
      return null;
    });
  }

  /** Opens a foreign client's connection; `query` is what stands behind the stage, `?userId=…` say. */
  async connect(query = '') {
    const from = this.log.length;
    const client = await Client.connect(this.socketUrl + query);
    client.id = await this.connectionLogged(from);
    return client;
  }

  /** The id of the connection that `$connect` logged from line `from` on. */
  async connectionLogged(from) {
    return (await this.logged(/\bconnected\b.*connection=(\S+)/, from))[1];
  }

  /** The management API. */
  manage(method, id, body) {
    return fetch(new URL(`/dev/@connections/${encodeURIComponent(id)}`, this.url), { method, body });
  }

  /** Puts a record on the publisher's queue. */
  async enqueue(body) {
    const response = await fetch(new URL('/queue/messages', this.url), { method: 'POST', body });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${response.status}: ${answer.message}`);
    return answer.messageId;
  }

  async #json(path) {
    return (await fetch(new URL(path, this.url))).json();
  }

  /** What the queue gave up on. */
  async deadLetters() {
    return (await this.#json('/queue/messages/dead-letters')).deadLetters;
  }

  /** How many connections are open. */
  async connections() {
    return (await this.#json('/health')).connections;
  }
}
