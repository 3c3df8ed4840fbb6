// What the page has a screen reader say: every text that its live region outside dialogs has held.

/** To be run in the page before its scripts. */
function install() {
  window.spoken = [];
  let last = '';
  new MutationObserver(() => {
    const text = document.querySelector('.page > .quiet[role=status]')?.textContent ?? '';
    if (text !== '' && text !== last) window.spoken.push(text);
    last = text;
  }).observe(document, { childList: true, characterData: true, subtree: true });
}

/** Installs the ear before the page loads. */
export const listen = (page) => page.addInitScript(install);

/** All of it since the page was loaded, in order, without the marks that keep names apart. */
export const spoken = (chat) => chat.page.evaluate(() => window.spoken.map((text) => text.replace(/[\u2066-\u2069]/g, '')));
