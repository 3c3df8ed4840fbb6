// The release app as a deployment serves it: from a host of its own, under the template's policy, which
// names the API as the only other place it may speak to.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { Gateway } from './support/gateway.mjs';
import { inlineHashes } from './support/inline-scripts.mjs';
import { inRepository } from './support/paths.mjs';
import { scene } from './support/scene.mjs';
import { StaticSite } from './support/static-site.mjs';

/** The template's policy for a page that may speak to `api`. */
async function policy(api) {
  const template = await readFile(inRepository('serverless/template.yaml'), 'utf8');
  const [, folded] = /ContentSecurityPolicy: !Sub >-\n((?: {14}\S.*\n)+)/.exec(template);
  const text = folded.trim().replace(/\n\s+/g, ' ')
    .replace('${InlineScripts}', inlineHashes())
    .replace('wss://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}', api);
  assert.doesNotMatch(text, /\$\{/);
  return text;
}

class Deployed {
  static async start() {
    const deployed = new Deployed();
    deployed.site = await StaticSite.start();
    deployed.url = deployed.site.url;
    deployed.gateway = await Gateway.start(['--allow-origin', new URL(deployed.url).origin]);
    const { socketUrl } = deployed.gateway;
    deployed.site.replace({
      overrides: { '/config.json': JSON.stringify({ url: socketUrl }) },
      headers: { 'content-security-policy': await policy(new URL(socketUrl).origin) },
    });
    return deployed;
  }

  async discard() {
    await this.site.discard();
    await this.gateway.discard();
  }
}

const stage = scene({ startServer: () => Deployed.start() });

test('the policy of a deployment hinders nothing, and is in force', async () => {
  // Consoles are read at the end: whatever it hinders would be written there.
  const ana = await stage.person('ana', { keeps: true });
  const bo = await stage.person('bo');
  await ana.start('bo');
  await ana.send('hello');
  await bo.open('ana');
  // What comes later: its wasm and styles, the emoji, the settings, a language.
  await ana.page.locator('.composer').getByRole('button', { name: 'Choose an emoji' }).click();
  const picker = ana.page.getByRole('dialog', { name: 'Emoji', exact: true });
  await picker.getByRole('searchbox').fill('cat');
  await picker.getByRole('gridcell', { name: 'cat face', exact: true }).click();
  assert.match(await ana.composer.inputValue(), /🐱/u);
  const settings = await ana.settings();
  await settings.getByLabel('Language').selectOption({ label: 'Deutsch' });
  await ana.page.getByRole('heading', { name: 'Einstellungen' }).waitFor();

  // And the service worker, which fetches the rest.
  await ana.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));

  ana.allows(/Content Security Policy|violates the following/);
  // The gateway's own policy would let this pass: a page of its own can be pointed at any API.
  const refused = await ana.page.evaluate(async () => {
    const violated = new Promise((resolve) => { document.addEventListener('securitypolicyviolation', resolve, { once: true }); });
    await fetch('http://127.0.0.1:1/').catch(() => {});
    return (await violated).effectiveDirective;
  });
  assert.equal(refused, 'connect-src');
});
