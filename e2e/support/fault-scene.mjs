// The scene of a fault: the app served by the fault server, its sockets watched, and its clock in
// the test's hand, so that nobody waits for a timeout in real time.

import { ChatLog } from './chat-log.mjs';
import { SOCKET_FAILED } from './chat-page.mjs';
import { FaultServer } from './fault-server.mjs';
import { scene } from './scene.mjs';
import { spiedSockets, spyOnSockets } from './socket-spy.mjs';
import { until } from './until.mjs';

/** Shorter than any deadline of the client, ms. */
const STEP = 4_000;

class FaultScene {
  #scene;

  constructor(scene) {
    this.#scene = scene;
  }

  /** The server of the running test. */
  get server() {
    return this.#scene.gateway;
  }

  /** What was said on it. */
  get log() {
    return this.server.log;
  }

  /** See `Scene`. */
  finally(close) {
    this.#scene.finally(close);
  }

  #prepare(prepare, clock) {
    return async (page) => {
      if (clock) await page.clock.install();
      await spyOnSockets(page);
      await prepare?.(page);
    };
  }

  /**
   * A page that shows the connect form. Its clock runs, and jumps where a test says `pass`, unless
   * `clock` is false. `prepare` is given the page before anything is loaded.
   */
  async visitor({ prepare, clock = true, ...options } = {}) {
    return this.#equip(await this.#scene.visitor({ ...options, prepare: this.#prepare(prepare, clock) }));
  }

  /** One more tab beside `chat`. */
  async tab(chat, { prepare, clock = true } = {}) {
    return this.#equip(await this.#scene.tab(chat.page.context(), this.#prepare(prepare, clock)));
  }

  /** A page that came about in another way. */
  adopt(chat) {
    return this.#equip(this.#scene.adopt(chat));
  }

  /** ana's page, connected, in her conversation with bo. */
  async ana(options) {
    const ana = await this.visitor(options);
    await ana.signIn({ user: 'ana' });
    await ana.start('bo');
    return ana;
  }

  /** What only pages of a fault need. */
  #equip(chat) {
    const { server } = this;
    chat.allows(SOCKET_FAILED);
    /** What the spy knows of the page's sockets. */
    chat.sockets = () => spiedSockets(chat.page);
    /** Lets `ms` pass on the page's clocks at one go: timers fire in turn, and no frame comes in between. */
    chat.pass = (ms) => chat.page.clock.runFor(ms);
    /** Some seconds on, the clock stands still: from then on time passes only where a test says `pass`. */
    chat.stands = async (seconds = 1) => {
      const at = await chat.page.evaluate((ms) => Date.now() + ms, seconds * 1_000);
      await chat.page.clock.pauseAt(at).catch((error) => {
        // On a machine that was held up for so long that time has gone by.
        if (seconds > 60 || !/past/.test(error.message)) throw error;
        return chat.stands(2 * seconds);
      });
    };
    /** Everything that was sent on the last connection has reached the page. */
    chat.hearsEverything = () => until('the page hears everything', async () => {
      const sockets = await chat.sockets();
      return sockets.at(-1)?.received === server.last?.sent;
    });
    /** The last connection closed with this code; the details say so, also of what is over too soon for the banner. */
    chat.closedWith = (code) => chat.page.locator('details.status dd').getByText(`${code}: `).waitFor({ state: 'attached' });
    /** Lets `ms` pass with a server that answers: between steps the page hears what was sent to it. */
    chat.live = async (ms) => {
      for (let left = ms; left > 0; left -= STEP) {
        await chat.pass(Math.min(left, STEP));
        await chat.hearsEverything();
      }
    };
    /** Lets time pass in small steps until handshake `number` has come and the page is connected. */
    chat.returns = async (number) => {
      await until(`handshake ${number}`, async () => {
        if (server.connections.length > number) return true;
        await chat.pass(500);
        return false;
      }, 30_000);
      await chat.isUp();
      return server.connections[number];
    };
    return chat;
  }
}

/** The scene of a test file about faults; call it once, at the top. */
export function faultScene(chromium) {
  const startServer = async () => {
    const log = new ChatLog();
    const server = await FaultServer.start(log.serve);
    server.log = log;
    return server;
  };
  return new FaultScene(scene({ startServer, chromium }));
}
