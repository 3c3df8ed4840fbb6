// The release build without a network, and two builds one after the other.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { SOCKET_FAILED } from './support/chat-page.mjs';
import { dist } from './support/paths.mjs';
import { Place, textOf, write } from './support/place.mjs';
import { scene } from './support/scene.mjs';
import { StaticSite } from './support/static-site.mjs';
import { rowsOf } from './support/storage.mjs';
import { becomes, until } from './support/until.mjs';

const stage = scene();
const KEPT = { keeps: true };

assert.ok(existsSync(join(dist(), 'sw.js')), 'a development build has no service worker: this needs a release build');

/** The page is served by the service worker from now on. */
const isKept = (chat) => until('the page is kept', () => chat.page.evaluate(() => navigator.serviceWorker.controller !== null));

const cached = (chat) => chat.page.evaluate(async () => {
  const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
  const keys = await Promise.all(caches_.map((cache) => cache.keys()));
  return keys.flat().map(({ url }) => url.slice(location.origin.length));
});

/** A page of `user` from a static site, connected to the stage's gateway. */
async function fromSite(site, user) {
  const chat = await stage.visitor(KEPT);
  await chat.page.goto(site.url);
  await chat.settled();
  await isKept(chat);
  if (user) await chat.signIn({ user, url: stage.gateway.socketUrl });
  return chat;
}

async function site(options) {
  const made = await StaticSite.start(options);
  stage.finally(() => made.stop());
  return made;
}

/** The same build under another name, as far as a browser can tell. */
async function nextBuild() {
  const [page, worker] = await Promise.all(['index.html', 'sw.js'].map((name) => readFile(join(dist(), name), 'utf8')));
  return {
    '/index.html': page.replace('<html ', '<html data-next '),
    '/sw.js': worker.replace(/(VERSION\s*=\s*")[0-9a-f]{12}/, '$1' + '0123'.repeat(3)),
  };
}

/** Waits until the page is the next build's; it may be loading meanwhile. */
const becomesNext = (chat) => chat.page.locator('html[data-next]').waitFor({ state: 'attached' });

/** Has the browser look for a newer build until it found it: a look that is going on may have come too early. */
const update = (chat) => until('a newer build is there', () => chat.page.evaluate(async () => {
  const registration = await navigator.serviceWorker.ready;
  await registration.update();
  return Boolean(registration.installing ?? registration.waiting);
}));

describe('without a network', () => {
  /**
   * A page in a conversation of so many messages, all of which it has stored, and that they are read:
   * it would open at the first unread one, and have loaded all from there on.
   */
  const withLog = async (count) => {
    const ana = await stage.visitor({ ...KEPT, bypassCSP: true, viewport: { width: 1100, height: 760 } });
    ana.allows(SOCKET_FAILED);
    ana.allows(/Failed to load resource/);
    await ana.signIn({ user: 'ana' });
    await ana.open('Everyone');
    // Known from its first message on: should pushes come in another order, the newest page would be all.
    await write(stage.gateway, 'bo', 1);
    await ana.message(textOf(1)).waitFor();
    await write(stage.gateway, 'bo', count - 1, 2);
    await ana.message(textOf(count)).waitFor();
    await becomes(async () => (await rowsOf(ana.page, 'messages')).length, count);
    await becomes(async () => (await rowsOf(ana.page, 'marks')).map((row) => JSON.parse(row).through), [count]);
    return ana;
  };

  const scrollToTop = async (ana, place) => {
    await ana.page.evaluate(() => {
      const { scroller } = window.list;
      scroller.scrollTop = -(scroller.scrollHeight - scroller.clientHeight);
    });
    await place.still();
  };

  const hasOldest = (ana, place) => until('the oldest message is here', async () => {
    await scrollToTop(ana, place);
    return (await ana.message(textOf(1)).count()) > 0;
  });

  test('a reload shows the chat with its messages, and what is written waits', async () => {
    const ana = await stage.visitor(KEPT);
    ana.allows(SOCKET_FAILED);
    ana.allows(/Failed to load resource/);
    await ana.signIn({ user: 'ana' });
    await ana.send('before the tunnel');
    await ana.hasState('Sent');
    await isKept(ana);
    await stage.gateway.kill();
    await ana.page.reload();
    await ana.page.getByText('before the tunnel').first().waitFor();
    await ana.send('inside the tunnel');
    await ana.hasState('Waiting to be sent');
    await ana.page.reload();
    await ana.page.getByText('inside the tunnel').first().waitFor();
    await stage.gateway.startAgain();
    await until('it was sent', async () => {
      const now = ana.button('Try now');
      if (await now.isVisible()) await now.click({ timeout: 500 }).catch(() => {});
      return (await ana.state()) === 'Sent';
    }, 30_000);
  });

  test('older messages than the newest fifty are read, searched and gone to', async () => {
    const ana = await withLog(420);
    await isKept(ana);
    // What is fetched when it is first needed, the search with it, is kept from then on.
    await ana.message(textOf(420)).hover();
    await ana.button('Reply').first().waitFor();
    await stage.gateway.kill();
    await ana.page.reload();
    await ana.message(textOf(420)).waitFor();
    await hasOldest(ana, await Place.of(ana));
    await ana.page.getByText('The conversation begins here.').waitFor();

    await ana.page.reload();
    await ana.message(textOf(420)).waitFor();
    await ana.page.keyboard.press('Control+Shift+F');
    const dialog = ana.page.getByRole('dialog');
    await dialog.getByRole('searchbox').fill('"30 lorem"');
    // 330, 230 and 130 have it too.
    await becomes(() => dialog.locator('.search-hit-text').count(), 4);
    await dialog.locator('.search-hit-text').last().click();
    await becomes(() => ana.message(textOf(30)).evaluate((row) => row === document.activeElement), true);
    await stage.gateway.startAgain();
  });

  test('older messages that a server was asked for, which is gone since, are read too', async () => {
    const ana = await withLog(200);
    await ana.page.reload();
    await ana.isUp();
    await ana.message(textOf(200)).waitFor();
    const place = await Place.of(ana);
    stage.gateway.fallSilent();
    await until('it is asked', async () => {
      await scrollToTop(ana, place);
      return ana.page.getByText('Loading earlier messages…').isVisible();
    });
    assert.equal(await ana.message(textOf(1)).count(), 0);
    await stage.gateway.kill();
    await hasOldest(ana, place);
    await stage.gateway.startAgain();
  });

  test('a new tab finds the form, its configuration included', async () => {
    const ana = await stage.visitor(KEPT);
    await isKept(ana);
    await stage.gateway.kill();
    const again = await stage.tab(ana.page.context(), undefined, KEPT);
    again.allows(/Failed to load resource/);
    await becomes(() => again.field('WebSocket URL').inputValue(), '/dev');
    await stage.gateway.startAgain();
  });

  test('the demo works where it was opened before', async () => {
    const plain = await site();
    const chat = await fromSite(plain);
    await chat.button('Try it without a server').click();
    await chat.isUp();
    await plain.stop();
    chat.allows(/Failed to load resource/);
    await chat.page.reload();
    await chat.isUp();
    await plain.startAgain();
  });

  test('only files of the build are kept', async () => {
    const ana = await stage.visitor(KEPT);
    ana.allows(/Failed to load resource/);
    await isKept(ana);
    await ana.signIn({ user: 'ana' });
    await ana.page.evaluate(() => Promise.all(['/health', '/dev/@connections/x', '/ticket', '/queue/messages/dead-letters', '/nothing']
      .map((path) => fetch(path).catch(() => {}))));
    for (const path of await cached(ana)) assert.ok(path === '/' || existsSync(join(dist(), path)), path);
  });
});

describe('a newer build', () => {
  test('waits for the person, who loses neither draft nor unsent message', async () => {
    const plain = await site();
    const ana = await fromSite(plain, 'ana');
    ana.allows(SOCKET_FAILED);
    plain.replace({ overrides: await nextBuild() });
    await update(ana);
    const offer = ana.page.getByText('A new version is ready.');
    await offer.waitFor();
    await stage.gateway.kill();
    await ana.isDown();
    await ana.send('not sent yet');
    await ana.hasState('Waiting to be sent');
    await ana.composer.fill('a draft of some length');
    await ana.button('Reload').click();
    await becomesNext(ana);
    await ana.page.getByText('not sent yet').first().waitFor();
    await becomes(() => ana.composer.inputValue(), 'a draft of some length');
    assert.equal(await offer.isVisible(), false);
    await stage.gateway.startAgain();
    const names = await ana.page.evaluate(() => caches.keys());
    assert.equal(names.length, 1, `${names}`);
    assert.equal(names[0], `switchboard-${'0123'.repeat(3)}`);
  });

  test('that nobody has looked for yet is what a page too old for the server reloads into', async () => {
    const plain = await site();
    const ana = await fromSite(plain, 'ana');
    ana.allows(SOCKET_FAILED);
    await ana.page.evaluate(() => {
      window.WebSocket = class {
        readyState = 0;
        constructor() {
          setTimeout(() => {
            this.readyState = 3;
            this.onclose?.({ code: 4426, reason: '', wasClean: true });
          });
        }
        close() {}
      };
    });
    await stage.gateway.kill();
    await ana.banner.locator('.banner-what').getByText('This page is too old for the server.').waitFor();
    await stage.gateway.startAgain();
    plain.replace({ overrides: await nextBuild() });
    await ana.banner.getByRole('button', { name: 'Reload', exact: true }).click();
    await becomesNext(ana);
    await ana.isUp();
  });

  test('that the person leaves waiting changes nothing, and another tab is told', async () => {
    const plain = await site();
    const ana = await fromSite(plain, 'ana');
    const other = await stage.tab(ana.page.context(), undefined, KEPT);
    await other.page.goto(plain.url);
    await other.settled();
    plain.replace({ overrides: await nextBuild() });
    await update(ana);
    await ana.page.getByText('A new version is ready.').waitFor();
    await ana.page.reload();
    await ana.isUp();
    assert.equal(await ana.page.locator('html[data-next]').count(), 0);
    await ana.button('Reload').click();
    await becomesNext(ana);
    await other.page.getByText('A new version is ready.').waitFor();
    await other.button('Reload').click();
    await becomesNext(other);
  });
});

describe('where a page may show no notification (Android’s Chrome)', () => {
  test('its service worker does; pressed, it leads to the conversation, and read, it goes', async () => {
    const [ana, bo] = [await stage.visitor(KEPT), await stage.person('bo')];
    const { page } = ana;
    await page.context().grantPermissions(['notifications']);
    await page.addInitScript(() => {
      window.Notification = new Proxy(Notification, { construct() { throw new TypeError('Illegal constructor'); } });
      // Chromium's getNotifications() deletes one that is stored and not on display yet: who reads while it is
      // being shown has lost it.
      window.displayed = 0;
      const show = ServiceWorkerRegistration.prototype.showNotification;
      ServiceWorkerRegistration.prototype.showNotification = async function (...words) {
        await show.apply(this, words);
        window.displayed += 1;
      };
    });
    await page.reload();
    await ana.settled();
    await isKept(ana);
    await ana.signIn({ user: 'ana' });
    await ana.open('Everyone');
    await bo.start('ana');
    await bo.send('are you **there**?');
    // The page may be kept before the browser's driver has heard of who keeps it.
    const worker = () => until('the service worker is heard of', () => page.context().serviceWorkers().at(-1));
    const shown = async () => (await worker()).evaluate(async () =>
      (await registration.getNotifications()).map(({ title, body, data }) => ({ title, body, data })));
    await becomes(() => page.evaluate(() => window.displayed), 1);
    assert.deepEqual(await shown(), [{ title: 'bo', body: 'are you there?', data: '#/c/c:ana,bo' }]);
    await (await worker()).evaluate(async () => {
      const [notification] = await registration.getNotifications();
      // Only the browser's own events may be kept waiting for.
      ExtendableEvent.prototype.waitUntil = () => {};
      dispatchEvent(new NotificationEvent('notificationclick', { notification }));
    });
    await ana.shows('bo: are you there?');
    await becomes(shown, []);
    await ana.open('Everyone');
    await bo.send('still?');
    await becomes(() => page.evaluate(() => window.displayed), 2);
    assert.deepEqual((await shown()).map(({ body }) => body), ['still?']);
    await ana.open('bo');
    await becomes(shown, []);
  });
});
