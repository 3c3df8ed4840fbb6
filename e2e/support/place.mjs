// Where rows stand in the timeline, frame by frame.

import assert from 'node:assert/strict';

import { Client } from './client.mjs';

/** A text that is n's alone, of one to six lines. */
export const textOf = (n) => `${n} ${'lorem ipsum dolor sit amet consectetur '.repeat(n * 7 % 9)}`.trim();

/** Writes `count` messages into the lobby as `user`, in order, over a socket of its own. */
export async function write(gateway, user, count, first = 1) {
  const client = await Client.connect(`${gateway.socketUrl}?userId=${user}`);
  client.send({ action: 'hello', v: 1, rid: 1, device: user, tab: user });
  const done = new Promise((resolve, reject) => {
    let n = 0;
    const next = () => {
      const id = `${user}${first}n${n}`;
      client.send({ action: 'sendmessage', v: 1, id, conv: 'lobby', kind: 'text', content: textOf(first + n) });
    };
    client.socket.on('message', (data) => {
      const { event, id } = JSON.parse(data);
      if (event === 'nack') reject(new Error(`${data}`));
      if (event === 'welcome') next();
      if (event !== 'ack' || id !== `${user}${first}n${n}`) return;
      n += 1;
      if (n < count) next();
      else resolve();
    });
  });
  await done;
  await client.close();
}

/** Runs in the page: what the tests ask of the list. */
function install() {
  const scroller = document.querySelector('.timeline-scroll');
  const rows = () => [...scroller.querySelectorAll('.message')];
  const top = (row) => row.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  const painted = () => new Promise((resolve) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = resolve;
      port2.postMessage(0);
    });
  });
  let watching;
  window.list = {
    scroller, rows, top, painted,
    /** The first row that begins in sight. */
    anchor() {
      const row = rows().find((row) => top(row) >= 0 && top(row) < scroller.clientHeight);
      return { id: row.id, top: top(row) };
    },
    where: (id) => top(document.getElementById(id)),
    async still() {
      let last;
      for (let same = 0; same < 4;) {
        await painted();
        const now = `${scroller.scrollTop} ${scroller.scrollHeight} ${rows()[0]?.id} ${rows().length}`;
        same = now === last ? same + 1 : 0;
        last = now;
      }
    },
    /** Notes where the row is in every painted frame. */
    watch(id) {
      const seen = [];
      watching = { seen, on: true };
      const look = () => {
        if (!watching.on) return;
        const row = document.getElementById(id);
        // Looked at where the frame ends: in a task after it, the next one's layout may have begun.
        if (row) new IntersectionObserver(([{ boundingClientRect, rootBounds }], observer) => {
          seen.push(boundingClientRect.top - rootBounds.top);
          observer.disconnect();
        }, { root: scroller }).observe(row);
        else seen.push(null);
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    },
    seen() {
      watching.on = false;
      return watching.seen;
    },
  };
}

export class Place {
  constructor(chat) {
    this.page = chat.page;
  }

  static async of(chat) {
    const place = new Place(chat);
    await place.page.evaluate(install);
    await place.still();
    return place;
  }

  still() {
    return this.page.evaluate(() => window.list.still());
  }

  /** The person has let go: for as long as the app waits for that after each scroll, and then some. */
  released() {
    return this.page.evaluate(() => new Promise((resolve) => {
      // Timers of one page run in order: the app's, armed before with less time, is over by then.
      let timer;
      const wait = () => {
        clearTimeout(timer);
        timer = setTimeout(resolve, 200);
      };
      window.list.scroller.addEventListener('scroll', wait);
      wait();
    }));
  }

  anchor() {
    return this.page.evaluate(() => window.list.anchor());
  }

  where(id) {
    return this.page.evaluate((id) => window.list.where(id), id);
  }

  /** Distance from the newest message, and how far one can go. */
  scroll() {
    return this.page.evaluate(() => {
      const { scroller } = window.list;
      return { at: Math.abs(scroller.scrollTop), of: scroller.scrollHeight - scroller.clientHeight };
    });
  }

  /** The person scrolls to so many pixels above the newest message. */
  async to(distance) {
    await this.page.evaluate((distance) => { window.list.scroller.scrollTop = -distance; }, distance);
    await this.still();
  }

  /** How many messages stand in the document. */
  count() {
    return this.page.evaluate(() => window.list.rows().length);
  }

  /** In no frame painted while `act` happens is the first row in sight off by more than a pixel. */
  async holds(what, act) {
    await this.still();
    const { id, top } = await this.anchor();
    await this.page.evaluate((id) => window.list.watch(id), id);
    await act();
    await this.still();
    const seen = await this.page.evaluate(() => window.list.seen());
    const off = seen.map((now) => (now === null ? Infinity : Math.abs(now - top)));
    assert.ok(off.length > 0, `${what}: no frame was seen`);
    const worst = Math.max(...off);
    assert.ok(worst <= 1, `${what}: ${id} is off by ${worst} px in ${off.filter((px) => px > 1).length} of ${off.length} frames`);
    return { id, frames: off.length };
  }
}
