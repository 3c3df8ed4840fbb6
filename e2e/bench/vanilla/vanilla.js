// The same rendering as the app's, written by hand without a framework: what Switchboard is held
// against. It has as many rows in the document as the app, in the app's own markup and style, and does
// nothing of what else the app does (storage, order, duplicates, unread messages, formatted text,
// reconnecting).

/** The newest rows of a conversation, and how many more there may be before older ones go. */
const ROWS = 120;
const SPARE = 30;
const GAP = 300_000;
const list = document.querySelector('.messages');
const scroller = document.querySelector('.timeline-scroll');
const load = document.querySelector('.load');
const names = document.querySelector('.rows');
const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });

const conversations = new Map();
let open = 'lobby';
let rid = 0;

const conversation = (id) => {
  if (!conversations.has(id)) {
    conversations.set(id, { id, messages: [], first: 1 });
    const row = document.createElement('li');
    const button = document.createElement('button');
    button.className = 'row';
    button.dataset.id = id;
    const name = document.createElement('span');
    name.className = 'row-name';
    name.textContent = id;
    const last = document.createElement('span');
    last.className = 'row-last';
    button.append(name, last);
    row.append(button);
    names.append(row);
    conversations.get(id).last = last;
  }
  return conversations.get(id);
};

const element = (tag, className, ...children) => {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
};

const hue = (name) => [...name].reduce((sum, c) => (sum * 31 + c.codePointAt(0)) % 360, 0);

const opensGroup = (message, before) =>
  !before || !sameDay(before, message) || before.from !== message.from || message.at - before.at >= GAP;

function row(message, before, after) {
  const opens = opensGroup(message, before);
  const closes = !after || opensGroup(after, message);
  const made = element('li', `message${opens ? ' opens' : ''}${closes ? ' closes' : ''}`);
  made.tabIndex = -1;
  made.id = `m-${message.id}`;
  made.setAttribute('aria-labelledby', `h-${message.id} b-${message.id}`);
  const head = element('p', 'message-head', element('bdi', 'message-name', message.from), ' ');
  head.id = `h-${message.id}`;
  const bubble = element('div', 'bubble', element('div', 'message-text rich', message.content), ' ',
    element('span', 'message-foot', element('bdi', 'message-time', time.format(message.at))));
  bubble.dir = 'auto';
  bubble.id = `b-${message.id}`;
  const body = element('div', 'message-body', head, bubble);
  if (opens) {
    const avatar = element('span', 'avatar', message.from[0].toUpperCase());
    avatar.setAttribute('aria-hidden', 'true');
    avatar.style.setProperty('--hue', hue(message.from));
    body.prepend(avatar);
  }
  made.append(body);
  return made;
}

const QUARTER = 900_000;
const sameDay = (one, other) =>
  Math.floor(one.at / QUARTER) === Math.floor(other.at / QUARTER) || day.format(one.at) === day.format(other.at);

const dayRows = (message) =>
  element('div', 'day-rows', element('h3', 'day', element('span', '', day.format(message.at))), element('ol', ''));

/** The rows from `start` to `end`, in their days, at the end of the list or at its beginning. */
function draw(messages, start, end, atEnd) {
  if (atEnd) {
    for (let n = start; n < end; n += 1) {
      if (n === start && n > 0 && !opensGroup(messages[n], messages[n - 1])) {
        list.lastChild?.lastChild.lastChild.classList.remove('closes');
      }
      if (!list.lastChild || (n > 0 && !sameDay(messages[n - 1], messages[n]))) list.append(dayRows(messages[n]));
      list.lastChild.lastChild.append(row(messages[n], messages[n - 1], messages[n + 1]));
    }
  } else {
    for (let n = end - 1; n >= start; n -= 1) {
      if (!sameDay(messages[n], messages[n + 1])) list.prepend(dayRows(messages[n]));
      list.firstChild.lastChild.prepend(row(messages[n], messages[n - 1], messages[n + 1]));
    }
  }
}

/** Leaves `count` rows: takes out the first ones, or the last. */
function cut(count, fromEnd) {
  const rows = list.getElementsByClassName('message');
  while (rows.length > count) {
    const out = rows[fromEnd ? rows.length - 1 : 0];
    const of = out.closest('.day-rows');
    out.remove();
    if (!of.lastChild.hasChildNodes()) of.remove();
  }
}

function showAll() {
  const { messages, first } = conversation(open);
  list.replaceChildren();
  draw(messages, Math.max(0, messages.length - ROWS), messages.length, true);
  load.hidden = first <= 1 && messages.length <= ROWS;
  scroller.scrollTop = 0;
}

let drawn = 0;
let waiting = 0;
function append() {
  const { messages } = conversation(open);
  const fresh = messages.length - drawn;
  if (fresh <= 0) return;
  drawn = messages.length;
  if (fresh > ROWS + SPARE) list.replaceChildren();
  draw(messages, Math.max(messages.length - ROWS, messages.length - fresh), messages.length, true);
  if (list.getElementsByClassName('message').length > ROWS + SPARE) cut(ROWS, false);
  scroller.scrollTop = 0;
}
/** What comes by itself at once, what follows in the same frame with the next one. */
function showSoon() {
  if (waiting) return;
  show();
  waiting = requestAnimationFrame(() => {
    waiting = 0;
    show();
  });
}

function show() {
  for (const { messages, last } of conversations.values()) {
    const newest = messages.at(-1);
    const text = newest ? `${newest.from}: ${newest.content.slice(0, 120)}` : '';
    if (last.textContent !== text) last.textContent = text;
  }
  append();
}

const socket = new WebSocket(`ws://${location.host}/dev?userId=ana`);
const send = (frame) => socket.send(JSON.stringify(frame));
socket.onopen = () => send({ action: 'hello', v: 1, rid: (rid += 1), device: 'd', tab: 't' });
socket.onmessage = ({ data }) => {
  const frame = JSON.parse(data);
  if (frame.event === 'welcome') {
    for (const id of Object.keys(frame.heads)) {
      conversation(id);
      send({ action: 'sync', rid: (rid += 1), conv: id, limit: 50 });
    }
  } else if (frame.event === 'page') {
    const of = conversation(frame.conv);
    if (of.messages.length === 0) {
      of.messages = frame.messages;
      of.first = frame.after + 1;
      if (frame.conv === open) {
        drawn = of.messages.length;
        showAll();
      }
    } else {
      of.messages.unshift(...frame.messages);
      of.first = frame.after + 1;
      drawn += frame.messages.length;
      const count = frame.messages.length;
      const held = list.querySelector('.message');
      const top = held.getBoundingClientRect().top;
      draw(of.messages, 0, count, false);
      // What was the first continues another now.
      held.replaceWith(row(of.messages[count], of.messages[count - 1], of.messages[count + 1]));
      cut(ROWS, true);
      const now = document.getElementById(held.id).getBoundingClientRect().top;
      scroller.scrollTop += now - top;
    }
  } else if (frame.event === 'message') {
    const of = conversation(frame.conv);
    of.messages.push(frame);
    showSoon();
  }
};
load.onclick = () => {
  const of = conversation(open);
  send({ action: 'sync', rid: (rid += 1), conv: open, before: of.first, limit: 50 });
};
names.onclick = ({ target }) => {
  const id = target.closest('.row')?.dataset.id;
  if (!id) return;
  open = id;
  drawn = conversation(id).messages.length;
  showAll();
};
