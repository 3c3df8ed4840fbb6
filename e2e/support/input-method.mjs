// An input method at work in Chromium: it composes, commits what it composed, and takes the key that ends that.

/** Whatever has the focus on the page is written into. */
export async function inputMethod(page) {
  const browser = await page.context().newCDPSession(page);
  const key = (type, keyCode) => browser.send('Input.dispatchKeyEvent', {
    type, key: 'Enter', code: 'Enter', windowsVirtualKeyCode: keyCode,
  });
  return {
    compose: (text) => browser.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length }),
    /** Ends the composition with this text, or types it where there is none. */
    commit: (text) => browser.send('Input.insertText', { text }),
    /** Enter goes down: 229 is the method's own, 13 the person's. */
    down: (keyCode) => key('rawKeyDown', keyCode),
    async press(keyCode) {
      await key('rawKeyDown', keyCode);
      await key('keyUp', keyCode);
    },
  };
}
