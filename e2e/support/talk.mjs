// Writing thousands of messages through the composer, and reading every row back.

/** Runs in the page: writes `count` messages as fast as the composer clears. */
async function writeAll([letter, count]) {
  const field = document.getElementById('message');
  const { get, set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value');
  let cleared = () => {};
  // The app writes the field's value when it has taken a message: that is the event waited for.
  Object.defineProperty(field, 'value', {
    configurable: true,
    get() { return get.call(this); },
    set(value) {
      set.call(this, value);
      if (value === '') cleared();
    },
  });
  for (let n = 1; n <= count; n += 1) {
    const done = new Promise((resolve) => { cleared = resolve; });
    set.call(field, `${letter}${n}`);
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    await done;
  }
  delete field.value;
}

/** `count` messages from this page, `letter` and a number each; done when the composer has taken the last. */
export const write = (chat, letter, count) => chat.page.evaluate(writeAll, [letter, count]);

/**
 * Runs in the page: presses *Load earlier* until there is nothing earlier, and reads every row. Only
 * some rows are in the document at a time: it scrolls from the first to the last.
 */
async function readAll() {
  const inner = document.querySelector('.timeline-inner');
  const scroller = inner.parentElement;
  const load = inner.querySelector('button.load');
  inner.querySelector('.messages').style.setProperty('display', 'block', 'important');
  const frames = () => new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
  const rows = () => [...inner.querySelectorAll('.messages li.message')];
  const changed = () => new Promise((resolve) => {
    const watch = new MutationObserver(() => { watch.disconnect(); resolve(); });
    watch.observe(inner, { childList: true, subtree: true, attributes: true });
  });
  while (!load.hidden) {
    const next = changed();
    if (load.getAttribute('aria-disabled') !== 'true') load.click();
    await next;
    // All changes of one task count as one.
    await Promise.resolve();
  }
  await frames();
  const top = () => -(scroller.scrollHeight - scroller.clientHeight);
  while (scroller.scrollTop > top() + 1) {
    scroller.scrollTop = top();
    await frames();
  }
  const read = new Map();
  for (;;) {
    const before = read.size;
    for (const row of rows()) {
      read.set(row.id, {
        text: row.querySelector('.message-text').textContent,
        state: row.querySelector('.mark-text')?.textContent,
      });
    }
    if (scroller.scrollTop >= -1 && read.size === before) break;
    rows().at(-1)?.scrollIntoView({ block: 'end' });
    await frames();
  }
  return [...read.values()];
}

/** Every row of the open conversation from its first message on: `{text, state?}`. */
export const readBack = (chat) => chat.page.evaluate(readAll);

/** Runs in the page: resolves when no more than `most` messages wait to be sent, as it says itself. */
function waitUntilLeft(most) {
  const list = document.querySelector('details.status dl.details');
  const left = () => {
    const row = [...list.children].find((row) => row.querySelector('dt').textContent === 'Waiting');
    return Number(/^\d+/.exec(row.querySelector('dd').textContent)?.[0] ?? 0);
  };
  return new Promise((resolve) => {
    const look = () => {
      if (left() > most) return;
      watch.disconnect();
      resolve();
    };
    const watch = new MutationObserver(look);
    watch.observe(list, { childList: true, subtree: true, characterData: true });
    look();
  });
}

/** Waits until the page says that no more than `most` messages wait to be sent. */
export const hasLeft = (chat, most) => chat.page.evaluate(waitUntilLeft, most);
