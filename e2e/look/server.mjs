// A server that knows one story, for pictures: the same frames at the same times whenever it is
// asked. It speaks as docs/protocol.md says, in the page's own process of frames, on no port.

import { EPOCH, LOGS, ME, NOW, ONLINE, past } from './story.mjs';

export class StoryServer {
  #sockets = new Set();
  /** With which code connections are refused. */
  #refusal = null;
  /** What becomes of what the person sends: `ack`, `hold` or a nack's code. */
  answer = 'ack';
  /** Whether pages of a log are asked for in vain. */
  holdsPages = false;
  /** Whether it is one of the older systems: then it says what it is told to say, and nothing else. */
  isOlder = false;
  #logs = new Map(Object.entries(LOGS).map(([conv, log]) => [conv, [...log]]));

  /** Serves every WebSocket of `page`. */
  async attach(page) {
    await page.routeWebSocket(/^wss:/, (socket) => {
      if (this.#refusal) return void socket.close({ code: this.#refusal });
      this.#sockets.add(socket);
      socket.onClose(() => this.#sockets.delete(socket));
      socket.onMessage((text) => {
        if (!this.isOlder) this.#received(socket, JSON.parse(text));
      });
    });
  }

  /** Cuts every connection; none is taken from now on. */
  async leave({ code = 1001, reason = 'Going away', refusal = 1006 } = {}) {
    this.#refusal = refusal;
    for (const socket of this.#sockets) await socket.close({ code, reason });
  }

  /** Connections are taken again. */
  comeBack() {
    this.#refusal = null;
  }

  /** To every page, as it is. */
  tell(text) {
    for (const socket of this.#sockets) socket.send(text);
  }

  /** To every page. */
  push(frame) {
    this.tell(JSON.stringify(frame));
  }

  /** So many messages more had been written there before. */
  remembers(conv, count) {
    const log = [...past(this.#log(conv)[0], count), ...this.#log(conv)];
    this.#logs.set(conv, log.map((entry, index) => ({ ...entry, seq: index + 1 })));
  }

  /** Somebody writes: an entry is logged, and pushed unless that is lost. */
  says(from, conv, content, { at = NOW, kind = 'text', re, id, isLost = false } = {}) {
    const log = this.#log(conv);
    const seq = log.length + 1;
    const entry = { conv, seq, id: id ?? `${from.toLowerCase().replace(/\W/g, '')}${conv.length}n${seq}`, from, at, kind, content, ...(re && { re }) };
    log.push(entry);
    if (!isLost) this.push({ event: 'message', ...entry });
    return entry;
  }

  #log(conv) {
    if (!this.#logs.has(conv)) this.#logs.set(conv, []);
    return this.#logs.get(conv);
  }

  #heads() {
    return Object.fromEntries([...this.#logs].map(([conv, log]) => [conv, log.length]));
  }

  #received(socket, frame) {
    const send = (frame) => socket.send(JSON.stringify(frame));
    switch (frame.action) {
      case 'hello':
        send({
          event: 'welcome', rid: frame.rid, connection: 'TXzPWdnOjoECGjA=', now: NOW, epoch: EPOCH,
          heads: this.#heads(), limits: { max_bytes: 32768 }, min_version: 1,
        });
        send({ event: 'presence', all: true, online: [ME, ...ONLINE] });
        break;
      case 'sync': {
        if (this.holdsPages) break;
        const log = this.#log(frame.conv);
        const limit = frame.limit ?? 50;
        const from = frame.after ?? Math.max(0, (frame.before ?? log.length + 1) - 1 - limit);
        const until = Math.min(frame.after === undefined ? (frame.before ?? log.length + 1) - 1 : log.length, from + limit);
        const messages = log.slice(from, until);
        send({ event: 'page', rid: frame.rid, conv: frame.conv, after: from, messages, covered: until, head: log.length, epoch: EPOCH });
        break;
      }
      case 'sendmessage': {
        if (this.answer === 'hold') break;
        if (this.answer !== 'ack') {
          send({ event: 'nack', id: frame.id, code: this.answer, retry: false });
          break;
        }
        const conv = frame.conv ?? (frame.to.length ? `c:${[...new Set([...frame.to, ME])].sort().join(',')}` : 'lobby');
        const log = this.#log(conv);
        const seq = log.length + 1;
        log.push({ conv, seq, id: frame.id, from: ME, at: NOW, kind: frame.kind ?? 'text', content: frame.content, ...(frame.re && { re: frame.re }) });
        send({ event: 'ack', id: frame.id, conv, seq, at: NOW });
        break;
      }
      case 'ping':
        send({ event: 'pong', n: frame.n, now: NOW, heads: this.#heads() });
        break;
      default:
    }
  }
}
