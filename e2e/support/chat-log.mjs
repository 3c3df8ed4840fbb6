// What the pages' messages are checked against: logs by conversation, and just enough of the
// protocol (docs/protocol.md) for a page to talk to them.

/** The id of the conversation of these people. */
const conversationOf = (people) => `c:${[...new Set(people)].sort().join(',')}`;

/** As many messages as fit a page's 100 KB. */
const PAGE_BYTES = 100_000;

export class ChatLog {
  epoch = 'e1';
  #conversations = new Map();
  #members = new Set();

  /** The messages of a conversation, in order of `seq`. */
  of(conv) {
    if (!this.#conversations.has(conv)) this.#conversations.set(conv, []);
    return this.#conversations.get(conv);
  }

  /** The texts among them: not the marks of reading. */
  texts(conv) {
    return this.of(conv).filter(({ kind }) => kind === 'text');
  }

  /** Who wrote what, in order. */
  lines(conv) {
    return this.texts(conv).map(({ from, content }) => `${from}: ${content}`);
  }

  /** Commits a message once, whatever is repeated: its place, and whether it was a repeat. */
  commit(from, { id, to, conv = conversationOf([from, ...to]), kind = 'text', content }) {
    const log = this.of(conv);
    const before = log.find((message) => message.from === from && message.id === id);
    const message = before ?? { conv, seq: log.length + 1, id, from, at: Date.now(), kind, content };
    if (!before) log.push(message);
    return { message, duplicate: before !== undefined };
  }

  /** What `user` may know the heads of. */
  heads(user) {
    const known = [...this.#conversations].filter(([conv, log]) => log.length > 0
      && (conv === 'lobby' || conv.slice(2).split(',').includes(user)));
    return Object.fromEntries(known.map(([conv, log]) => [conv, log.length]));
  }

  /** Answers `sync`. */
  page({ rid, conv, after, before, limit = 50 }) {
    const log = this.of(conv);
    let from = after;
    if (from === undefined) from = Math.max(0, (before ?? log.length + 1) - 1 - limit);
    let messages = log.slice(from, before === undefined ? from + limit : before - 1);
    while (JSON.stringify(messages).length > PAGE_BYTES) {
      messages = after === undefined ? messages.slice(1) : messages.slice(0, -1);
    }
    if (after === undefined && messages.length > 0) from = messages[0].seq - 1;
    const covered = messages.at(-1)?.seq ?? from;
    return { event: 'page', rid, conv, after: from, messages, covered, head: log.length, epoch: this.epoch };
  }

  /** Somebody else's message reaches the log and everybody connected. */
  post(from, to, content) {
    const id = `m${Math.random().toString(36).slice(2)}`;
    const { message } = this.commit(from, { id, to, content });
    this.push(message);
    return message;
  }

  /** Sends an event to everybody connected. */
  push(message, except) {
    for (const connection of this.#members) {
      if (connection !== except) connection.send({ event: 'message', ...message });
    }
  }

  /** A play: a server that does all of its duty. */
  serve = (connection) => {
    const user = connection.url.searchParams.get('userId');
    connection.accept();
    connection.onMessage = ({ json }) => this.answer(connection, user, json ?? {});
    connection.gone.then(() => this.#members.delete(connection));
  };

  /** Answers one frame. */
  answer(connection, user, frame) {
    const now = Date.now();
    switch (frame.action) {
      case 'hello':
        this.#members.add(connection);
        connection.send({
          event: 'welcome', rid: frame.rid, connection: `${user}-${now}=`, now, epoch: this.epoch,
          heads: this.heads(user), limits: { max_bytes: 32_768 }, min_version: 1,
        });
        break;
      case 'sendmessage': {
        const { message, duplicate } = this.commit(user, frame);
        const { id, conv, seq, at } = message;
        connection.send({ event: 'ack', id, conv, seq, at, ...(duplicate && { duplicate }) });
        if (!duplicate) this.push(message, connection);
        break;
      }
      case 'sync':
        connection.send(this.page(frame));
        break;
      case 'ping':
        connection.send({ event: 'pong', n: frame.n, now, heads: this.heads(user) });
        break;
      default:
    }
  }
}
