// Before the app is there: what a visitor sees while it is on its way, and where it can never come; and
// what a system is told that installs it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { auditor } from './support/axe.mjs';
import { scene } from './support/scene.mjs';
import { becomes } from './support/until.mjs';

const stage = scene();

/** A page that nothing was loaded into; `options` are those of a context. */
async function blank(options) {
  const { page } = await stage.visitor();
  const context = await page.context().browser().newContext({ locale: 'en-GB', ...options });
  stage.finally(() => context.close());
  const fresh = await context.newPage();
  fresh.setDefaultTimeout(10_000);
  return fresh;
}

describe('the shell', () => {
  for (const colorScheme of ['light', 'dark']) {
    test(`is painted, ${colorScheme}, while the wasm is on its way, and says how far it is`, async () => {
      const page = await blank({ colorScheme });
      let go;
      const held = new Promise((resolve) => { go = resolve; });
      // A test that fails before it says so holds up nothing.
      stage.finally(go);
      let bytes;
      await page.route('**/*_bg.wasm', async (route) => {
        await held;
        const response = await route.fetch();
        bytes = (await response.body()).length;
        await route.fulfill({ response });
      });
      await page.goto(stage.gateway.url, { waitUntil: 'commit' });
      await page.getByRole('heading', { level: 1, name: 'Switchboard' }).waitFor();
      const bar = page.getByRole('progressbar', { name: 'Loading the app' });
      await bar.waitFor();
      await becomes(() => page.evaluate(() => performance.getEntriesByName('first-contentful-paint').length), 1);
      const audit = await auditor(page);
      assert.deepEqual(await audit(), []);
      const size = Number(await bar.getAttribute('data-size'));
      go();
      await page.locator('.connect button[type=submit]').waitFor();
      assert.equal(await page.locator('#shell').isVisible(), false);
      assert.equal(size, bytes, 'the bar knows how many bytes come');
      assert.equal(await page.locator('#shell progress').evaluate((it) => it.value), 1);
    });
  }

  test('says what is missing where JavaScript is off', async () => {
    const page = await blank({ javaScriptEnabled: false });
    await page.goto(stage.gateway.url);
    // By its place: texts in this element Playwright passes over.
    const said = page.locator('noscript p');
    await said.waitFor();
    assert.equal(await said.innerText(), 'Switchboard needs JavaScript. Please allow it for this page and reload.');
    assert.equal(await page.locator('#shell progress').isVisible(), false);
  });

  test('says what is missing where there is no WebAssembly', async () => {
    const page = await blank();
    await page.addInitScript(() => { delete globalThis.WebAssembly; });
    await page.goto(stage.gateway.url);
    await page.getByText('This browser cannot run Switchboard: it lacks WebAssembly.').waitFor();
    await page.getByRole('button', { name: 'Reload' }).waitFor();
    const audit = await auditor(page);
    assert.deepEqual(await audit(), []);
  });
});

test('the manifest names the app, where it opens, and icons that are there as it says', async () => {
  const { page } = await stage.visitor();
  const address = new URL(await page.locator('link[rel=manifest]').getAttribute('href'), stage.gateway.url);
  const manifest = await (await fetch(address)).json();
  assert.equal(manifest.name, 'Switchboard');
  assert.equal(manifest.display, 'standalone');
  assert.equal(new URL(manifest.start_url, address).href, stage.gateway.url);
  assert.ok(manifest.icons.some(({ purpose }) => purpose === 'maskable'));
  for (const { src, sizes, type } of manifest.icons) {
    const response = await fetch(new URL(src, address));
    assert.equal(response.status, 200, src);
    assert.ok(response.headers.get('content-type').startsWith(type), src);
    if (type !== 'image/png') continue;
    // A PNG's first chunk tells how wide and high it is.
    const header = new DataView(await response.arrayBuffer());
    assert.equal(`${header.getUint32(16)}x${header.getUint32(20)}`, sizes, src);
  }
});
