// What a page does to draw attention: the sounds it plays and the notifications it shows, watched from
// within. It changes nothing of either.

/** To be run in the page before its scripts. */
function install() {
  const attention = { sounds: [], played: 0, notes: [], closed: [], claims: 0 };
  window.attention = attention;
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function heard() {
    attention.sounds.push(new URL(this.src).pathname);
    const playing = play.call(this);
    playing.then(() => { attention.played += 1; }, () => {});
    return playing;
  };
  window.Notification = new Proxy(Notification, {
    construct(target, [title, options]) {
      const note = `${title}: ${options.body}`;
      attention.notes.push(note);
      const shown = Reflect.construct(target, [title, options]);
      const close = shown.close.bind(shown);
      shown.close = () => {
        attention.closed.push(note);
        close();
      };
      return shown;
    },
  });
  // A tab that may draw attention asks the database first, and knows when its transaction is complete.
  const { get } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.get = function ask(...words) {
    if (this.name === 'notified') this.transaction.addEventListener('complete', () => { attention.claims += 1; });
    return get.apply(this, words);
  };
}

/** Installs the watch before the page loads. */
export const watchAttention = (page) => page.addInitScript(install);

/**
 * What the page has done so far: `sounds` asked for, how many of them the browser `played`, `notes` as
 * `title: body`, which of them it `closed`, and for how many messages it has asked whether it is the tab to do so (`claims`).
 */
export const attentionOf = (chat) => chat.page.evaluate(() => window.attention);
