// Chromium as a person has it. Playwright's own keeps every page visible, focused and out of the
// back/forward cache; a page like that is never hidden and, asked to freeze, does not.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { chromium } from 'playwright-core';

import { chromiumBinary } from './paths.mjs';
import { QUIET } from './scene.mjs';
import { within } from './until.mjs';

/** To be given to `scene`: one profile for all; each test's server is an origin of its own. */
export function bareChromium() {
  let profile;
  let child;
  return {
    async open() {
      profile = await mkdtemp(join(tmpdir(), 'switchboard-chromium-'));
      const words = [...QUIET, '--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'];
      child = spawn(chromiumBinary(), words, { stdio: ['ignore', 'ignore', 'pipe'] });
      const address = new Promise((resolve) => {
        createInterface(child.stderr).on('line', (line) => {
          const [, found] = /^DevTools listening on (ws:\S+)/.exec(line) ?? [];
          if (found) resolve(found);
        });
      });
      return chromium.connectOverCDP(await within('Chromium starts', address, 30_000), { noDefaults: true });
    },
    context: (browser) => browser.contexts()[0],
    leave: (pages) => Promise.all(pages.map((page) => page.close())),
    async close(browser) {
      const gone = once(child, 'exit');
      await browser.close();
      child.kill();
      await within('Chromium ends', gone);
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Another tab comes to the front: the page is hidden, as `visibilityState` says. Ends with a function that shows it again. */
export async function hide(page) {
  const other = await page.context().newPage();
  await other.bringToFront();
  await page.waitForFunction(() => document.visibilityState === 'hidden', null, { polling: 20 });
  return async () => {
    await page.bringToFront();
    await other.close();
  };
}

/** Freezes a hidden page; ends with a function that thaws it. */
export async function freeze(page) {
  await page.evaluate(() => {
    window.lifecycle ??= [];
    for (const name of ['freeze', 'resume']) document.addEventListener(name, () => window.lifecycle.push(name), { once: true });
  });
  const browser = await page.context().newCDPSession(page);
  await browser.send('Page.setWebLifecycleState', { state: 'frozen' });
  return async () => {
    await browser.send('Page.setWebLifecycleState', { state: 'active' });
  };
}
