// The demo on a plain file server: no gateway, no handlers but those in the worker.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { scene } from './support/scene.mjs';
import { StaticSite } from './support/static-site.mjs';
import { becomes, until } from './support/until.mjs';

const stage = scene({ startServer: () => StaticSite.start() });
const OPEN = 'Try it without a server';

/** The demo, opened from the form by somebody called `user`. */
async function opened({ user, ...options } = {}) {
  const chat = await stage.visitor(options);
  if (user) await chat.page.locator('#user').fill(user);
  await chat.button(OPEN).click();
  await chat.isUp();
  return chat;
}

const texts = async (chat) => (await chat.timeline()).map(({ text }) => text);
/** Waits until somebody has written what `pattern` matches, after what stood there. */
const says = (chat, pattern) =>
  until(`somebody says ${pattern}`, async () => (await texts(chat)).some((text) => pattern.test(text)), 20_000);

/** The newest own message is in the log: nothing of it waits in the tab any more. */
const sent = (chat) => until('it was sent', async () => /^(Sent|Delivered|Read)/.test(await chat.state()));

/** A way in by the address or the site's configuration. */
async function arrive(path, overrides = {}) {
  const site = await StaticSite.start({ overrides });
  stage.finally(() => site.stop());
  const chat = await stage.visitor();
  await chat.page.goto(site.url + path);
  await chat.isUp();
  return { chat, site };
}

describe('the demo', () => {
  test('nothing of it is fetched before it is opened', async () => {
    const chat = await stage.visitor();
    const demo = () => stage.gateway.requests.filter((path) => /demo/.test(path) && !path.endsWith('.css'));
    assert.deepEqual(demo(), []);
    await chat.button(OPEN).click();
    await chat.isUp();
    assert.ok(demo().some((path) => path.endsWith('.wasm')), `${demo()}`);
  });

  test('it is alive: a past, people online, a greeting, an answer that is read and delivered', async () => {
    const chat = await opened();
    await chat.page.getByText('stays in this tab').waitFor();
    await until('there is a past', async () => (await chat.timeline()).length > 8);
    await until('people are there', async () => (await chat.online()).length >= 3);
    await says(chat, /Welcome @guest/);
    await chat.start('Theo');
    await chat.send('what is 6 x 7?');
    await says(chat, /^6 × 7 = 42$/);
    await until('it was read or delivered', async () => /Read|Delivered/.test(await chat.state()));
  });

  test('a name from the form is one’s name, and one of theirs is not taken twice', async () => {
    const chat = await opened({ user: 'Mira' });
    await says(chat, /Welcome @Mira/);
    const online = await chat.online();
    assert.ok(online.includes('Maren') && !online.includes('Mira'), `${online}`);
  });

  test('the line is cut: what is written waits, and goes out once it is back', async () => {
    const chat = await opened();
    await chat.send('drop 15');
    await chat.isDown();
    await chat.send('written in the tunnel');
    await chat.hasState('Waiting to be sent');
    await until('back, by itself or by Try now', async () => {
      const now = chat.button('Try now');
      if (await now.isVisible()) await now.click({ timeout: 500 }).catch(() => {});
      return /OPEN Connected$/.test(await chat.status());
    }, 30_000);
    await sent(chat);
    assert.equal((await texts(chat)).filter((text) => text === 'written in the tunnel').length, 1);
  });

  test('leaving shows the form as it was, and nothing was stored', async () => {
    const chat = await opened();
    await says(chat, /Welcome @guest/);
    await chat.send('soon forgotten');
    await chat.button('Use your own API').click();
    await chat.button('Connect').waitFor();
    assert.equal(await chat.field('WebSocket URL').inputValue(), '/dev');
    const stored = await chat.page.evaluate(async () => ({
      databases: (await indexedDB.databases()).map(({ name }) => name),
      local: Object.entries(localStorage).filter(([key, value]) => /demo:|forgotten/.test(key + value)),
    }));
    assert.deepEqual(stored, { databases: [], local: [] });
  });

  test('a reload of the tab opens a new one', async () => {
    const chat = await opened();
    await chat.send('gone with the page');
    await sent(chat);
    await chat.page.reload();
    await chat.isUp();
    await says(chat, /Welcome @guest/);
    assert.ok(!(await texts(chat)).includes('gone with the page'));
  });

  test('?demo, #demo and config.json open it at once', async () => {
    for (const [path, overrides] of [
      ['?demo', {}],
      ['#demo', {}],
      ['', { '/config.json': '{ "demo": true }' }],
    ]) {
      const { chat } = await arrive(path, overrides);
      await says(chat, /Welcome @guest/);
    }
  });

  test('a worker that is not there is a server that is not there', async () => {
    const site = await StaticSite.start({ overrides: { '/demo.js': 'throw new Error("broken")' } });
    stage.finally(() => site.stop());
    const chat = await stage.visitor();
    chat.allows(/./);
    await chat.page.goto(site.url);
    await chat.button(OPEN).click();
    await until('the page says so', async () => /CONNECTING|CLOSED/.test(await chat.status()));
    site.replace({ overrides: {} });
    await until('connected to a new one', async () => {
      const now = chat.button('Try now');
      if (await now.isVisible()) await now.click({ timeout: 500 }).catch(() => {});
      return /OPEN Connected$/.test(await chat.status());
    }, 40_000);
    await becomes(() => chat.banner.isVisible(), false);
  });
});
