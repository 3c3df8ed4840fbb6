// Watches the page's own WebSockets from within: which were made, in which state something was
// handed to them, how much was buffered at most, and whether their handlers are still there. It
// changes nothing they do.

/** To be run in the page before its scripts. */
function install() {
  const sockets = [];
  const Native = window.WebSocket;
  window.WebSocket = class WebSocket extends Native {
    sends = [];
    received = 0;
    peak = 0;

    constructor(...words) {
      super(...words);
      sockets.push(this);
      this.addEventListener('message', () => { this.received += 1; });
    }

    send(data) {
      this.sends.push({ state: this.readyState, length: data.length });
      super.send(data);
      this.peak = Math.max(this.peak, this.bufferedAmount);
    }
  };
  window.spied = sockets;
}

/** Installs the spy before the page loads. */
export const spyOnSockets = (page) => page.addInitScript(install);

/** What the spy knows of every socket, oldest first. */
export const spiedSockets = (page) => page.evaluate(() => window.spied.map((socket) => ({
  readyState: socket.readyState,
  buffered: socket.bufferedAmount,
  peak: socket.peak,
  detached: [socket.onopen, socket.onmessage, socket.onclose, socket.onerror].every((handler) => handler === null),
  sends: socket.sends,
  received: socket.received,
})));
