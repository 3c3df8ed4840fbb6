// The release app as the gateway serves it: types, encodings, caching, policy, size.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { inlineHashes } from './support/inline-scripts.mjs';
import { dist } from './support/paths.mjs';
import { scene } from './support/scene.mjs';

/** The gate of `cargo xtask test --only size`; here it is measured on the wire. */
const FIRST_VISIT = 200 * 1024;

const stage = scene();
const files = (await readdir(dist(), { recursive: true })).filter((name) => /\.\w+$/.test(name) && !/\.(br|gz)$/.test(name));

/** A bare request: fetch would decode the body and choose its own headers. */
function get(path, headers = {}, method = 'GET') {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, stage.gateway.url), { method, headers }, async (response) => {
      const chunks = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) });
    });
    sent.on('error', reject);
    sent.end();
  });
}

const types = {
  html: /^text\/html/, js: /^(text|application)\/javascript/, wasm: /^application\/wasm$/,
  css: /^text\/css/, svg: /^image\/svg\+xml/, json: /^application\/json/, png: /^image\/png/,
  webmanifest: /^application\/manifest\+json/, wav: /^audio\/(x-)?wav$/, txt: /^text\/plain/,
};

describe('files', () => {
  test('each has its content type and may not be sniffed', async () => {
    for (const name of ['', ...files]) {
      const { status, headers } = await get(`/${name}`);
      assert.equal(status, 200, name);
      assert.match(headers['content-type'], types[(name || 'index.html').split('.').at(-1)], name);
      assert.equal(headers['x-content-type-options'], 'nosniff', name);
    }
  });

  test('brotli, gzip or neither, as asked for, and the same content', async () => {
    for (const name of files) {
      const plain = await readFile(join(dist(), name));
      for (const [accepted, encoding, decode] of [
        ['gzip, deflate, br, zstd', 'br', brotliDecompressSync], ['gzip', 'gzip', gunzipSync],
        ['identity', undefined, (body) => body], [undefined, undefined, (body) => body],
      ]) {
        const { headers, body } = await get(`/${name}`, accepted ? { 'accept-encoding': accepted } : {});
        assert.equal(headers['content-encoding'], encoding, `${name} for ${accepted}`);
        assert.match(headers.vary, /accept-encoding/i);
        assert.ok(decode(body).equals(plain), `${name} for ${accepted}`);
      }
    }
  });

  test('what trunk named by its content is kept for a year, all else is asked for again', async () => {
    for (const name of ['', ...files]) {
      const named = /-[0-9a-f]{8,16}(_bg)?\.(js|wasm|css|svg|png|txt)$/.test(name);
      const { headers } = await get(`/${name}`);
      assert.equal(headers['cache-control'], named ? 'public, max-age=31536000, immutable' : 'no-cache', name);
    }
  });

  test('an unchanged page is not sent again', async () => {
    const { headers } = await get('/');
    const again = await get('/', { 'if-modified-since': headers['last-modified'] });
    assert.equal(again.status, 304);
    assert.equal(again.body.length, 0);
  });

  test('what is not there is not found, and nothing outside can be reached', async () => {
    for (const path of ['/nothing.js', '/../Cargo.toml', '/%2e%2e/Cargo.toml', '/..%2fCargo.toml', '/%00']) {
      const { status } = await get(path);
      assert.ok([400, 403, 404].includes(status), `${path}: ${status}`);
    }
    assert.equal((await get('/', {}, 'POST')).status, 403);
  });

  test('config.json names the stage and the profile', async () => {
    const { body, headers } = await get('/config.json');
    assert.match(headers['content-type'], types.json);
    const config = JSON.parse(body);
    assert.equal(config.url, '/dev');
    assert.ok([undefined, 'switchboard'].includes(config.profile));
  });
});

test('the hashes that a deployment lets run are those that the gateway counts', async () => {
  const { headers } = await get('/');
  const hashes = inlineHashes();
  assert.match(hashes, /^( 'sha256-[A-Za-z0-9+/]{43}=')+$/);
  assert.ok(headers['content-security-policy'].includes(`'wasm-unsafe-eval'${hashes};`), hashes);
});

describe('in Chromium', () => {
  test('the policy is strict, in force, and hinders nothing', async () => {
    const { headers } = await get('/');
    const policy = headers['content-security-policy'];
    for (const part of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "'wasm-unsafe-eval'"]) {
      assert.ok(policy.includes(part), `${part} in ${policy}`);
    }
    assert.doesNotMatch(policy, /script-src[^;]*('unsafe-inline'|'unsafe-eval'|https?:)/);
    // The console of both is checked at the end: a violation would be written there.
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start('bo');
    await ana.send('hello');
    await bo.open('ana');
    ana.allows(/Content Security Policy|violates the following/);
    const ran = await ana.page.evaluate(async () => {
      const violated = new Promise((resolve) => { document.addEventListener('securitypolicyviolation', resolve, { once: true }); });
      const script = document.createElement('script');
      script.textContent = 'window.inline = true';
      document.head.append(script);
      await violated;
      return window.inline;
    });
    assert.equal(ran, undefined, 'an inline script does not run');
  });

  test('a first visit stays within the budget, and a second one loads only the page', async (t) => {
    const visitor = await stage.visitor();
    const browser = await visitor.page.context().newCDPSession(visitor.page);
    await browser.send('Network.enable');
    const visit = async (again) => {
      const seen = { requested: [], bodies: 0, wire: 0 };
      const responded = ({ response }) => {
        seen.requested.push(new URL(response.url).pathname);
        seen.bodies += Number(response.headers['content-length'] ?? response.headers['Content-Length'] ?? 0);
      };
      const finished = ({ encodedDataLength }) => { seen.wire += encodedDataLength; };
      browser.on('Network.responseReceived', responded);
      browser.on('Network.loadingFinished', finished);
      if (!again) await browser.send('Network.clearBrowserCache');
      await visitor.page.reload({ waitUntil: 'networkidle' });
      await visitor.settled();
      browser.off('Network.responseReceived', responded);
      browser.off('Network.loadingFinished', finished);
      return seen;
    };
    const first = await visit(false);
    assert.ok(first.requested.some((path) => path.endsWith('.wasm')));
    const sizes = `${first.bodies} bytes, ${first.wire} with headers, in ${first.requested.length} requests`;
    t.diagnostic(`first visit: ${sizes}`);
    assert.ok(first.bodies <= FIRST_VISIT, `${sizes}; at most ${FIRST_VISIT}`);
    assert.ok(first.wire > first.bodies, sizes);
    const second = await visit(true);
    t.diagnostic(`second visit: ${second.wire} bytes with headers`);
    assert.ok(second.wire < 8 * 1024, `${second.wire} bytes for ${second.requested.join(' ')}`);
  });

  test('when the app cannot be loaded, the page says so', async () => {
    const visitor = await stage.visitor();
    visitor.allows(/./);
    await visitor.page.route('**/*.wasm', (route) => route.abort());
    await visitor.page.reload();
    await visitor.page.getByText('Switchboard could not be loaded. Check the connection, then reload the page.').waitFor();
    await visitor.page.unroute('**/*.wasm');
  });

  test('an unreadable config.json is said in the form, which still works', async () => {
    const visitor = await stage.visitor();
    await visitor.page.route('**/config.json', (route) => route.fulfill({ body: '{broken', contentType: 'application/json' }));
    await visitor.page.reload();
    await visitor.page.getByText(/This site’s config\.json could not be read/).waitFor();
    await visitor.signIn({ user: 'ana', url: '/dev' });
  });
});
