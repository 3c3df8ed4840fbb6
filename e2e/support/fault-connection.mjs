// One WebSocket as the fault server sees it: a bare TCP connection on which a play decides every
// byte, and a record of what came, with times.

import { acceptKey, BINARY, CLOSE, closeFrame, frame, FrameReader, PING, PONG, TEXT } from './frames.mjs';
import { until, within } from './until.mjs';

const parse = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export class FaultConnection {
  /** Every message and control frame received: `{at, opcode, text?, json?, bytes}`. */
  frames = [];
  /** How it ended, once it has: `{at, how: 'fin' | 'rst', code?}`; `code` is the client's close code. */
  ended = null;
  /** Whether a client's close frame is answered. */
  answersClose = true;
  /** Whether anything is written any more: a half-open connection has nobody at this end. */
  silent = false;
  /** How many whole messages went out. */
  sent = 0;
  /** Called with each message, after it was recorded. */
  onMessage = () => {};
  #socket;
  #reader = new FrameReader();
  #read = 0;
  #accepted = false;
  #gone;

  constructor(socket, { url, headers }) {
    this.#socket = socket;
    this.at = Date.now();
    this.url = url;
    this.headers = headers;
    /** Resolves with `ended`. */
    this.gone = new Promise((resolve) => { this.#gone = resolve; });
    socket.on('end', () => {
      this.#end('fin');
      // Nobody is left to read what this end still had to say.
      if (!this.silent) socket.end();
    });
    socket.on('error', () => this.#end('rst'));
    socket.on('close', () => this.#end('fin'));
  }

  #end(how) {
    if (this.ended) return;
    const close = this.frames.find(({ opcode }) => opcode === CLOSE);
    const code = close && close.bytes.length >= 2 ? close.bytes.readUInt16BE(0) : undefined;
    this.ended = { at: Date.now(), how, code };
    this.#gone(this.ended);
  }

  /** Bytes that came behind the handshake, and from then on. */
  feed(chunk) {
    if (!this.#accepted) return;
    for (const { opcode, payload } of this.#reader.read(chunk)) this.#receive(opcode, payload);
  }

  #receive(opcode, payload) {
    const seen = { at: Date.now(), opcode, bytes: payload };
    if (opcode === TEXT) {
      seen.text = payload.toString();
      seen.json = parse(seen.text);
    }
    this.frames.push(seen);
    if (opcode === CLOSE && this.answersClose) {
      this.write(frame(CLOSE, payload.subarray(0, 2)));
      if (!this.silent) this.#socket.end();
    } else if (opcode === PING) {
      this.write(frame(PONG, payload));
    } else if (opcode === TEXT || opcode === BINARY) {
      this.onMessage(seen);
    }
  }

  // What a play does.

  /** Answers the handshake: from here on the page's socket is OPEN. */
  accept() {
    this.#accepted = true;
    this.write([
      'HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade',
      `Sec-WebSocket-Accept: ${acceptKey(this.headers['sec-websocket-key'])}`, '', '',
    ].join('\r\n'));
    return this;
  }

  /** Answers the handshake with a status instead. */
  refuse(status, headers = {}) {
    const lines = Object.entries({ 'Content-Length': 0, Connection: 'close', ...headers });
    this.write(`HTTP/1.1 ${status} Refused\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
    this.#socket.end();
  }

  /** Bytes as they are. */
  write(bytes) {
    if (!this.silent && !this.#socket.destroyed && this.#socket.writable) this.#socket.write(bytes);
  }

  /** Bytes that make one message. */
  message(bytes) {
    this.sent += 1;
    this.write(bytes);
  }

  /** A text frame; anything but a string as JSON. */
  send(value) {
    this.message(frame(TEXT, typeof value === 'string' ? value : JSON.stringify(value)));
  }

  /** A close frame, and the end of the connection unless it `stays`. */
  close(code, reason, { stays = false } = {}) {
    this.write(closeFrame(code, reason));
    if (!stays) this.#socket.end();
  }

  /** The end of the stream without a close frame. */
  fin() {
    this.#socket.end();
  }

  /** RST. */
  reset() {
    this.#socket.resetAndDestroy();
  }

  /** Takes no more bytes off the connection: soon the peer's buffers are full. */
  stopReading() {
    this.#socket.pause();
  }

  /** Neither answers nor says that it does not: a peer behind a broken network. */
  vanish() {
    this.silent = true;
  }

  /** What the kernel still holds or nobody needs any more goes. */
  destroy() {
    this.#socket.destroy();
  }

  // What a test waits for.

  /** The next frame not read yet with this `action`, as JSON; those before it count as read. */
  async hears(action, patience) {
    return until(`a ${action} frame on ${this.url.pathname}${this.url.search}`, () => {
      const at = this.frames.findIndex(({ json }, index) => index >= this.#read && json?.action === action);
      if (at < 0) return null;
      this.#read = at + 1;
      return this.frames[at].json;
    }, patience);
  }

  /** Every frame with this `action`, as JSON. */
  heard(action) {
    return this.frames.filter(({ json }) => json?.action === action).map(({ json }) => json);
  }

  /** The end of the connection from the other side. */
  ends(patience) {
    return within('the page lets go of the connection', this.gone, patience);
  }
}
