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
  for (const [theme, look] of Object.entries({
    light: { colorScheme: 'light' },
    dark: { colorScheme: 'dark' },
    'more contrast': { contrast: 'more' },
    'forced colours': { forcedColors: 'active' },
  })) {
    test(`is painted, ${theme}, while the wasm is on its way, and says how far it is`, async () => {
      const page = await blank(look);
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
      const size = await bar.evaluate((it) => it.max);
      go();
      await page.locator('.connect button[type=submit]').waitFor();
      assert.equal(await page.locator('#shell').isVisible(), false);
      assert.equal(size, bytes, 'the bar knows how many bytes come');
      assert.equal(await page.locator('#shell progress').evaluate((it) => it.value), bytes);
    });
  }

  for (const [locale, { said, bar, reload, dir, unable }] of Object.entries({
    'de-AT': {
      said: 'Switchboard wird geöffnet …', bar: 'App wird geladen', reload: 'Neu laden', dir: 'ltr', unable: /^Dieser Browser kann Switchboard nicht ausführen/,
    },
    'ja-JP': { said: 'Switchboardを開いています…', bar: 'アプリを読み込み中', reload: '再読み込み', dir: 'ltr', unable: /^このブラウザーではSwitchboardを実行できません/ },
    'ar-EG': { said: 'جارٍ فتح Switchboard…', bar: 'جارٍ تحميل التطبيق', reload: 'إعادة التحميل', dir: 'rtl', unable: /^لا يستطيع هذا المتصفح تشغيل Switchboard/ },
  })) {
    test(`speaks as a browser in ${locale} asks, before the wasm is there and where it can never come`, async () => {
      const page = await blank({ locale });
      const held = [];
      await page.route('**/*_bg.wasm', (route) => { held.push(route); });
      await page.goto(stage.gateway.url, { waitUntil: 'commit' });
      await page.getByText(said, { exact: true }).waitFor();
      await page.getByRole('progressbar', { name: bar }).waitFor();
      const shell = page.locator('#shell');
      assert.equal(await shell.getAttribute('dir'), dir);
      assert.equal(await shell.getAttribute('lang'), locale.slice(0, 2));
      await becomes(() => held.length > 0, true);
      await held[0].abort();
      await page.getByRole('button', { name: reload, exact: true }).waitFor();
      assert.notEqual(await shell.locator('[role=status]').textContent(), said);
      await page.unroute('**/*_bg.wasm');
      await page.addInitScript(() => { delete globalThis.WebAssembly; });
      await page.reload();
      await page.getByText(unable).waitFor();
      const audit = await auditor(page);
      assert.deepEqual(await audit(), []);
    });
  }

  test('is as dark as the system, or as a person chose', async () => {
    const painted = async (settings) => {
      const page = await blank({ colorScheme: 'dark' });
      await page.addInitScript((settings) => {
        if (settings) localStorage['switchboard.settings'] = JSON.stringify(settings);
        delete globalThis.WebAssembly;
      }, settings);
      await page.goto(stage.gateway.url);
      await page.getByText('This browser cannot run Switchboard').waitFor();
      return page.locator('#shell').evaluate((it) => getComputedStyle(it).backgroundColor);
    };
    const dark = await painted(null);
    assert.equal(await painted({ theme: 'auto' }), dark);
    assert.equal(await painted({ theme: 'dark' }), dark);
    assert.equal(await painted({}), dark);
    assert.notEqual(await painted({ theme: 'light' }), dark);
  });

  test('speaks the language a person chose, whatever the browser asks for', async () => {
    const page = await blank({ locale: 'de-DE' });
    await page.addInitScript(() => {
      localStorage['switchboard.settings'] = JSON.stringify({ language: 'ja', theme: 'dark' });
      delete globalThis.WebAssembly;
    });
    await page.goto(stage.gateway.url);
    await page.getByText(/^このブラウザーでは/).waitFor();
    const english = await blank({ locale: 'de-DE' });
    await english.addInitScript(() => {
      localStorage['switchboard.settings'] = JSON.stringify({ language: 'en' });
      delete globalThis.WebAssembly;
    });
    await english.goto(stage.gateway.url);
    await english.getByText('This browser cannot run Switchboard').waitFor();
  });

  test('says what is missing where JavaScript is off', async () => {
    const page = await blank({ javaScriptEnabled: false });
    await page.goto(stage.gateway.url);
    // By its place: texts in this element Playwright passes over.
    const said = page.locator('noscript p');
    await said.waitFor();
    assert.equal(await said.innerText(), 'Switchboard needs JavaScript. Please allow it for this page and reload.');
    assert.equal(await page.locator('#shell progress').isVisible(), false);
    // Nobody knows the language there: the others follow.
    const others = await said.evaluate((it) => getComputedStyle(it, '::after').content);
    for (const other of [/braucht JavaScript/, /JavaScriptが必要です/, /يحتاج Switchboard إلى JavaScript/]) assert.match(others, other);
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
