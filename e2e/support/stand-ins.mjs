// Small servers in the manner of the five older systems, and one that a test drives by hand.
// They are foreign to Switchboard on purpose: the page must get on with them as they are.

import { once } from 'node:events';

import { WebSocketServer } from 'ws';

import { until } from './until.mjs';

/** A WebSocket server that notes every handshake and every frame. */
export class StandIn {
  /** The request URL of every handshake. */
  handshakes = [];
  /** Every text frame received, from whomever. */
  frames = [];
  /** Open sockets by connection id, the oldest first. */
  connections = new Map();
  #count = 0;

  /** Whether handshakes are refused with 503. */
  away = false;

  constructor({ onConnect = () => {}, onFrame = () => {} } = {}) {
    this.server = new WebSocketServer({
      port: 0,
      host: '127.0.0.1',
      perMessageDeflate: false,
      skipUTF8Validation: true,
      verifyClient: (_, answer) => answer(!this.away, 503),
    });
    this.server.on('connection', (socket, request) => {
      socket.id = `standIn${String(this.#count++).padStart(7, '0')}=`;
      socket.handshake = new URL(request.url, 'ws://stand-in');
      this.handshakes.push(request.url);
      this.connections.set(socket.id, socket);
      socket.on('close', () => this.connections.delete(socket.id));
      socket.on('error', () => {});
      socket.on('message', (data, binary) => {
        const text = binary ? data : data.toString();
        this.frames.push(text);
        onFrame.call(this, socket, text);
      });
      onConnect.call(this, socket);
    });
  }

  async listening() {
    if (!this.server.address()) await once(this.server, 'listening');
    this.url = `ws://127.0.0.1:${this.server.address().port}/prod`;
    return this;
  }

  /** To everybody connected. */
  broadcast(text) {
    for (const socket of this.connections.values()) socket.send(text);
  }

  /** Waits until this many frames have come; returns the last. */
  async framesReach(count) {
    await until(`frame ${count} at the stand-in`, () => this.frames.length >= count);
    return this.frames.at(-1);
  }

  close() {
    for (const socket of this.server.clients) socket.terminate();
    return new Promise((resolve) => { this.server.close(resolve); });
  }
}

const parse = (text) => {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
};

/** S1: `sendMessage` posts a bare text to one connection id. */
const s1 = {
  onFrame(_socket, text) {
    const { action, connectionId, message } = parse(text);
    if (action === 'sendMessage') this.connections.get(connectionId)?.send(message);
  },
};

/** S2: `userId` in the URL, `sendmessage` posts `{"content"}` to all connections of the users named. */
const s2 = {
  onFrame(_socket, text) {
    const { action, content, to } = parse(text);
    if (action !== 'sendmessage') return;
    for (const socket of this.connections.values()) {
      if ([to].flat().includes(socket.handshake.searchParams.get('userId'))) socket.send(JSON.stringify({ content }));
    }
  },
};

/** S3: what the test broadcasts; nothing is taken. */
const s3 = {};

/** S4: any text, to everybody, with the sender's connection id. */
const s4 = {
  onFrame(socket, text) {
    this.broadcast(JSON.stringify({ message: `${socket.id} says: ${text}` }));
  },
};

/** S5: one room; `data` goes bare to everybody. */
const s5 = {
  onFrame(_socket, text) {
    const { action, data } = parse(text);
    if (action === 'sendmessage') this.broadcast(data);
  },
};

/** Switchboard's own greeting and nothing else: whatever follows comes from the test. */
const greeter = {
  onFrame(socket, text) {
    const { action, rid, n } = parse(text);
    if (action === 'hello') {
      socket.send(JSON.stringify({
        event: 'welcome', rid, connection: socket.id, now: Date.now(), epoch: 'e',
        heads: {}, limits: { max_bytes: 32_768 }, min_version: 1,
      }));
    }
    if (action === 'ping') socket.send(JSON.stringify({ event: 'pong', n, now: Date.now(), heads: {} }));
  },
};

const systems = { s1, s2, s3, s4, s5, greeter };

/** A stand-in for the system of this name, listening. */
export const standIn = (name) => new StandIn(systems[name]).listening();
