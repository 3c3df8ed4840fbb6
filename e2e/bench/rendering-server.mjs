// One server for all contenders: it serves their files and speaks Switchboard's frames, from a log
// made by rule, so that each is fed exactly the same bytes.

import { createServer } from 'node:http';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

import { WebSocketServer } from 'ws';

const TYPES = {
  '.css': 'text/css', '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.json': 'application/json',
  '.svg': 'image/svg+xml', '.wasm': 'application/wasm', '.webmanifest': 'application/manifest+json', '.txt': 'text/plain',
};
const PEOPLE = ['bo', 'chiara', 'dana', 'emre'];
const WORDS = 'the stage is up and the queue drains while ana reads the log of the last deploy before lunch'.split(' ');
const START = 1_750_000_000_000;

/** What the message at `seq` says: 3 to 40 words, the same every time. */
export const content = (seq) => {
  const words = 3 + ((seq * 7) % 38);
  return `${seq}: ${Array.from({ length: words }, (_, n) => WORDS[(seq * 31 + n * 17) % WORDS.length]).join(' ')}`;
};

export const message = (conv, seq) => ({
  event: 'message', conv, seq, id: `${conv.length}-${seq}`, from: PEOPLE[(seq >> 2) % PEOPLE.length],
  at: START + seq * 20_000, kind: 'text', content: content(seq),
});

export class RenderingServer {
  /** How many entries each conversation's log has. */
  heads = new Map([['lobby', 0], ['c:ana,bo', 0]]);
  #sockets = new Set();
  #server;

  /** `folders`: path prefix to folder, the longest prefix first. */
  static async start(folders) {
    const server = new RenderingServer();
    server.#server = createServer((request, response) => server.#file(folders, request, response));
    const sockets = new WebSocketServer({ server: server.#server, path: '/dev' });
    sockets.on('connection', (socket) => server.#serve(socket));
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    server.url = `http://127.0.0.1:${server.#server.address().port}`;
    return server;
  }

  /** Adds `count` messages to a log and pushes each in a frame of its own. */
  push(conv, count) {
    const from = this.heads.get(conv);
    this.heads.set(conv, from + count);
    for (const socket of this.#sockets) {
      for (let seq = from + 1; seq <= from + count; seq += 1) socket.send(JSON.stringify(message(conv, seq)));
    }
    return from + count;
  }

  /** The logs begin anew, everybody is disconnected. */
  reset(heads) {
    for (const socket of this.#sockets) socket.terminate();
    this.heads = new Map(heads);
  }

  async stop() {
    for (const socket of this.#sockets) socket.terminate();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #serve(socket) {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('message', (text) => {
      const frame = JSON.parse(text);
      const answer = this.#answer(frame);
      if (answer) socket.send(JSON.stringify(answer));
    });
  }

  #answer(frame) {
    const now = START + 10_000_000_000;
    switch (frame.action) {
      case 'hello':
        return {
          event: 'welcome', rid: frame.rid, connection: 'bench=', now, epoch: 'bench', heads: Object.fromEntries(this.heads),
          limits: { max_bytes: 32_768 }, min_version: 1,
        };
      case 'ping':
        return { event: 'pong', n: frame.n, now, heads: Object.fromEntries(this.heads) };
      case 'sync':
        return this.#page(frame);
      case 'sendmessage': {
        const conv = frame.conv ?? `c:${['ana', ...frame.to].sort().join(',')}`;
        const seq = (this.heads.get(conv) ?? 0) + 1;
        this.heads.set(conv, seq);
        return { event: 'ack', id: frame.id, conv, seq, at: now, duplicate: false };
      }
      default:
        return undefined;
    }
  }

  #page({ rid, conv, after, before, limit = 50 }) {
    const head = this.heads.get(conv) ?? 0;
    const last = before === undefined ? head : before - 1;
    const first = after === undefined ? Math.max(1, last - limit + 1) : after + 1;
    const through = Math.min(last, first + limit - 1);
    const messages = [];
    for (let seq = first; seq <= through; seq += 1) {
      const { event, ...entry } = message(conv, seq);
      messages.push(entry);
    }
    return { event: 'page', rid, conv, after: first - 1, messages, covered: Math.max(through, first - 1), head, epoch: 'bench' };
  }

  async #file(folders, request, response) {
    const path = normalize(new URL(request.url, 'http://x').pathname);
    const found = folders.find(([prefix]) => path.startsWith(prefix));
    try {
      const [prefix, folder] = found;
      const rest = path.slice(prefix.length) || 'index.html';
      if (rest === 'config.json') {
        response.writeHead(200, { 'Content-Type': TYPES['.json'] });
        response.end(JSON.stringify({ url: '/dev', profile: 'switchboard' }));
        return;
      }
      const file = join(folder, rest);
      const packed = /\bbr\b/.test(request.headers['accept-encoding'] ?? '') && (await readFile(`${file}.br`).catch(() => null));
      const body = packed || (await readFile(file));
      response.writeHead(200, {
        'Content-Type': TYPES[extname(rest)] ?? 'application/octet-stream', 'Cache-Control': 'no-cache',
        ...(packed && { 'Content-Encoding': 'br' }),
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  }
}
