// A TCP proxy that does to connections what networks do. Each connection draws its fate from the
// seed and its number, so a seed names the same faults however the bytes happen to come.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';

import { Random } from './random.mjs';

/** What may end a connection's good time, and in how many of a hundred. */
const FATES = [
  ['reset', 40],
  // A piece of what is under way still arrives: half a frame, then RST.
  ['truncated', 20],
  // Nothing passes for a while, then everything does.
  ['stalled', 25],
  // Nothing passes any more, and nobody is told: half-open.
  ['vanished', 15],
];

/** A fate by its weight. */
function drawFate(random) {
  let at = random.unit() * 100;
  for (const [fate, weight] of FATES) {
    if (at < weight) return fate;
    at -= weight;
  }
  return 'reset';
}

/** One direction: what comes in goes out later, in pieces, in order. */
class Pipe {
  #queue = [];
  #running = false;
  #random;
  #proxy;
  stalled = false;
  /** Pass half of the next piece and say so. */
  truncate = null;

  constructor(from, to, random, proxy) {
    this.to = to;
    this.#random = random;
    this.#proxy = proxy;
    from.on('data', (bytes) => { this.#queue.push(bytes); this.#run(); });
    from.on('end', () => { this.#queue.push(null); this.#run(); });
  }

  #run() {
    if (this.#running || this.stalled || this.#queue.length === 0) return;
    this.#running = true;
    const random = this.#random;
    const delay = this.#proxy.calm || !random.percent(3) ? 0 : random.between(1, 80);
    if (delay > 0) this.#proxy.did.delays += 1;
    const go = () => {
      this.#running = false;
      if (this.stalled) return;
      this.#pass(this.#queue.shift());
      this.#run();
    };
    if (delay > 0) setTimeout(go, delay); else go();
  }

  #pass(bytes) {
    if (bytes === null) {
      this.to.end();
    } else if (this.truncate) {
      this.to.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), this.truncate);
      this.stalled = true;
    } else if (!this.#proxy.calm && bytes.length > 1 && this.#random.percent(20)) {
      // Several writes with Nagle's algorithm off: the reader gets it in pieces.
      const at = this.#random.between(1, bytes.length - 1);
      this.#proxy.did.splits += 1;
      this.to.write(bytes.subarray(0, at));
      this.#queue.unshift(bytes.subarray(at));
    } else {
      this.to.write(bytes);
    }
  }

  stall() {
    this.stalled = true;
  }

  resume() {
    this.stalled = false;
    this.#run();
  }
}

export class FaultProxy {
  /** What it did so far. */
  did = { connections: 0, refused: 0, reset: 0, truncated: 0, stalled: 0, vanished: 0, delays: 0, splits: 0 };
  /** Whether it lets everything pass at once, as it does until `storm`. */
  calm = true;
  #target;
  #seed;
  #server;
  #links = new Set();
  #alarms = new Set();

  /** Stands before `target`, `host:port`. */
  static async start(target, seed) {
    const proxy = new FaultProxy();
    proxy.#target = new URL(`tcp://${target}`);
    proxy.#seed = seed;
    proxy.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => proxy.#accept(client));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    proxy.host = `127.0.0.1:${proxy.#server.address().port}`;
    return proxy;
  }

  #accept(client) {
    const number = this.did.connections;
    this.did.connections += 1;
    const random = (stream) => new Random(this.#seed, number * 4 + stream);
    const server = connect({ host: this.#target.hostname, port: Number(this.#target.port), allowHalfOpen: true, noDelay: true });
    const link = { client, server, fate: random(0), up: new Pipe(client, server, random(1), this), down: new Pipe(server, client, random(2), this) };
    this.#links.add(link);
    const reset = () => this.#cut(link);
    server.on('error', () => { if (server.connecting || server.bytesRead === 0) this.did.refused += 1; reset(); });
    client.on('error', reset);
    for (const socket of [client, server]) {
      socket.on('close', () => { if (client.destroyed && server.destroyed) this.#links.delete(link); });
    }
    if (!this.calm) this.#doom(link);
  }

  /** RST to both sides. */
  #cut(link) {
    for (const socket of [link.client, link.server]) {
      if (socket.destroyed) continue;
      // Node leaves a socket open whose end is just being sent, and does not exit then.
      const ending = socket.writableEnded && !socket.writableFinished;
      if (ending) socket.destroy(); else socket.resetAndDestroy();
    }
    this.#links.delete(link);
  }

  /** After a good while its fate comes over a connection; one that survives it awaits the next. */
  #doom(link) {
    this.#after(link.fate.between(3_000, 20_000), () => {
      if (this.calm || !this.#links.has(link)) return;
      const fate = drawFate(link.fate);
      this.did[fate] += 1;
      if (fate === 'reset') {
        this.#cut(link);
      } else if (fate === 'truncated') {
        const pipe = link.fate.percent(50) ? link.up : link.down;
        pipe.truncate = () => this.#cut(link);
      } else {
        link.up.stall();
        link.down.stall();
        if (fate === 'vanished') return;
        this.#after(link.fate.between(500, 8_000), () => {
          link.up.resume();
          link.down.resume();
          this.#doom(link);
        });
      }
    });
  }

  #after(ms, act) {
    const alarm = setTimeout(() => { this.#alarms.delete(alarm); act(); }, ms);
    this.#alarms.add(alarm);
  }

  /** From now on it is a bad network, for the connections there are too. */
  storm() {
    this.calm = false;
    for (const link of this.#links) this.#doom(link);
  }

  /** From now on it is a good one; what hangs is let go. */
  clear() {
    this.calm = true;
    for (const link of this.#links) {
      if (link.up.stalled || link.down.stalled) this.#cut(link);
    }
  }

  /** Ends it and every connection. */
  async discard() {
    for (const alarm of this.#alarms) clearTimeout(alarm);
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const link of [...this.#links]) this.#cut(link);
    await closed;
  }
}
