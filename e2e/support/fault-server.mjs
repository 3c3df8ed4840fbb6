// A raw TCP server that misbehaves by script: each handshake is given a play, which decides every
// byte from then on. It serves the app too, so that a page needs nothing else.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { extname, join, normalize } from 'node:path';

import { FaultConnection } from './fault-connection.mjs';
import { dist } from './paths.mjs';
import { until } from './until.mjs';

const TYPES = {
  '.css': 'text/css', '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.json': 'application/json',
  '.png': 'image/png', '.svg': 'image/svg+xml', '.wasm': 'application/wasm', '.webmanifest': 'application/manifest+json',
};

/** An HTTP answer, and the end of its connection. */
function answer(socket, status, headers, body = '') {
  const lines = { 'Content-Length': Buffer.byteLength(body), Connection: 'close', ...headers };
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(`HTTP/1.1 ${status} Said\r\n${head}\r\n${body}`);
}

/** Headers by their lower-case names, the first line apart. */
function parseHead(text) {
  const [first, ...lines] = text.split('\r\n');
  const [method, target] = first.split(' ');
  const headers = Object.fromEntries(lines.map((line) => {
    const [name, ...value] = line.split(':');
    return [name.toLowerCase(), value.join(':').trim()];
  }));
  return { method, target, headers };
}

export class FaultServer {
  /** Every handshake, oldest first. */
  connections = [];
  /** Every other request for something that is no file of the app: `{at, method, path, body}`. */
  requests = [];
  /** The play of every handshake for which `plays` named none. */
  otherwise;
  /** What the app is told by `config.json`. */
  config = { url: '/dev', profile: 'switchboard' };
  /** Headers of the page itself. */
  pageHeaders = {};
  #plays = [];
  #answers = new Map();
  #server;
  #sockets = new Set();

  /** Starts one whose handshakes meet `otherwise`. */
  static async start(otherwise) {
    const server = new FaultServer();
    server.otherwise = otherwise;
    server.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.#accept(socket));
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    server.host = `127.0.0.1:${server.#server.address().port}`;
    server.url = `http://${server.host}/`;
    server.socketUrl = `ws://${server.host}/dev`;
    return server;
  }

  /** The next handshakes meet these plays, one each. */
  plays(...plays) {
    this.#plays.push(...plays);
    return this;
  }

  /** Requests to `path` are answered by `{status, headers, body}` or what a function makes of the request; `null` hangs. */
  answers(path, how) {
    this.#answers.set(path, typeof how === 'function' ? how : () => how);
  }

  /** The handshake with this number, from 0, once it has come. */
  async connection(number, patience) {
    await until(`handshake ${number} at the fault server`, () => this.connections.length > number, patience);
    return this.connections[number];
  }

  get last() {
    return this.connections.at(-1);
  }

  /** A page of the app's origin without the app. */
  get blank() {
    return new URL('blank', this.url).href;
  }

  #accept(socket) {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    let read = Buffer.alloc(0);
    const head = (chunk) => {
      read = Buffer.concat([read, chunk]);
      const end = read.indexOf('\r\n\r\n');
      if (end < 0) return;
      const request = parseHead(read.subarray(0, end).toString('latin1'));
      const rest = read.subarray(end + 4);
      if (request.headers.upgrade?.toLowerCase() === 'websocket') {
        socket.off('data', head);
        this.#handshake(socket, request, rest);
      } else if (rest.length >= Number(request.headers['content-length'] ?? 0)) {
        socket.off('data', head);
        socket.on('end', () => socket.end());
        this.#respond(socket, request, rest.toString()).catch(() => socket.destroy());
      }
    };
    socket.on('data', head);
  }

  #handshake(socket, { target, headers }, rest) {
    const connection = new FaultConnection(socket, { url: new URL(target, this.socketUrl), headers });
    this.connections.push(connection);
    const play = this.#plays.shift() ?? this.otherwise;
    play(connection);
    connection.feed(rest);
    socket.on('data', (chunk) => connection.feed(chunk));
  }

  async #respond(socket, { method, target }, body) {
    const path = new URL(target, this.url).pathname;
    const scripted = this.#answers.get(path);
    if (scripted) {
      const request = { at: Date.now(), method, path, body };
      this.requests.push(request);
      const said = await scripted(request);
      if (said) answer(socket, said.status, said.headers, said.body);
    } else if (path === '/blank') {
      answer(socket, 200, { 'Content-Type': TYPES['.html'] }, '<!doctype html><link rel="icon" href="data:,"><title>blank</title>');
    } else if (path === '/config.json') {
      answer(socket, 200, { 'Content-Type': TYPES['.json'], 'Cache-Control': 'no-cache' }, JSON.stringify(this.config));
    } else {
      await this.#file(socket, path === '/' ? '/index.html' : path);
    }
  }

  async #file(socket, path) {
    const file = join(dist(), normalize(path));
    const found = await stat(file).catch(() => null);
    if (!found?.isFile()) {
      answer(socket, 404, {});
      return;
    }
    const headers = {
      'Content-Length': found.size, 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
      'Cache-Control': 'no-cache', Connection: 'close', ...(path === '/index.html' && this.pageHeaders),
    };
    socket.write(`HTTP/1.1 200 OK\r\n${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
    createReadStream(file).pipe(socket);
  }

  /** Ends it and every connection. */
  async discard() {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
