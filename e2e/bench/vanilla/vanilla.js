// The same rendering as the app's, written by hand without a framework: what Switchboard is held
// against. It shows the newest 300 rows of a conversation in the app's own markup, and nothing of
// what else the app does (storage, order, duplicates, reconnecting).

const ROWS = 300;
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
    conversations.set(id, { id, messages: [], first: 1, shown: ROWS });
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

function row(message, before) {
  const date = day.format(message.at);
  const newDay = !before || day.format(before.at) !== date;
  const opens = newDay || before.from !== message.from || message.at - before.at >= GAP;
  const made = element('li', `message${opens ? ' opens' : ''}`);
  made.dataset.id = message.id;
  if (newDay) made.append(element('p', 'day', element('span', '', date)));
  const avatar = element('span', 'avatar', message.from[0].toUpperCase());
  const text = element('span', 'message-text', message.content);
  text.dir = 'auto';
  made.append(element('div', 'message-body',
    element('span', 'message-avatar', avatar),
    element('p', 'message-head', element('bdi', 'message-name', message.from)),
    element('div', 'bubble', text, ' ', element('span', 'message-foot', element('span', 'message-time', time.format(message.at))))));
  return made;
}

const rows = (messages, start, end) => {
  const fragment = document.createDocumentFragment();
  for (let n = start; n < end; n += 1) fragment.append(row(messages[n], messages[n - 1]));
  return fragment;
};

function showAll() {
  const { messages, shown, first } = conversation(open);
  list.replaceChildren(rows(messages, Math.max(0, messages.length - shown), messages.length));
  load.hidden = first <= 1 && messages.length <= shown;
  scroller.scrollTop = scroller.scrollHeight;
}

let drawn = 0;
let waiting = 0;
function append() {
  const { messages } = conversation(open);
  const fresh = messages.length - drawn;
  if (fresh <= 0) return;
  drawn = messages.length;
  const start = Math.max(messages.length - ROWS, messages.length - fresh);
  list.append(rows(messages, start, messages.length));
  while (list.children.length > ROWS) list.firstChild.remove();
  scroller.scrollTop = scroller.scrollHeight;
}
function appendSoon() {
  if (waiting) return;
  append();
  waiting = requestAnimationFrame(() => {
    waiting = 0;
    append();
  });
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
      const anchor = list.firstChild;
      const top = anchor.getBoundingClientRect().top;
      anchor.replaceWith(row(of.messages[frame.messages.length], of.messages[frame.messages.length - 1]));
      const held = list.firstChild;
      list.prepend(rows(of.messages, 0, frame.messages.length));
      while (list.children.length > ROWS) list.lastChild.remove();
      scroller.scrollTop += held.getBoundingClientRect().top - top;
    }
  } else if (frame.event === 'message') {
    const of = conversation(frame.conv);
    of.messages.push(frame);
    of.last.textContent = `${frame.from}: ${frame.content.slice(0, 120)}`;
    if (frame.conv === open) appendSoon();
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
