// axe-core with every rule on, over every screen, light and dark, desktop and phone.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { auditor } from './support/axe.mjs';
import { SOCKET_FAILED } from './support/chat-page.mjs';
import { scene } from './support/scene.mjs';
import { standIn } from './support/stand-ins.mjs';
import { until } from './support/until.mjs';

const stage = scene();

const looks = {
  'desktop, light': { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  'desktop, dark': { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  'phone, light': { viewport: { width: 390, height: 844 }, colorScheme: 'light', hasTouch: true, isMobile: true },
  'phone, dark': { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true, isMobile: true },
};

/** No violation, and nothing wider than the window. */
async function isAccessible(chat, screen) {
  const audit = await auditor(chat.page);
  assert.deepEqual(await audit(), [], screen);
  const overflow = await chat.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(overflow, 0, `${screen}: scrolls sideways`);
}

for (const [look, options] of Object.entries(looks)) {
  describe(look, () => {
    test('connect form, plain and with errors', async () => {
      const ana = await stage.visitor(options);
      await isAccessible(ana, 'plain');
      await ana.connect({ user: '', url: 'nonsense', query: 'no equals sign' });
      await ana.page.locator('#url-error').waitFor();
      await isAccessible(ana, 'with errors');
      await ana.field('Kind of system').selectOption('s3');
      await isAccessible(ana, 'another kind of system');
    });

    test('chat, new message, inspector and disconnected', async () => {
      const ana = await stage.person('ana', options);
      ana.allows(SOCKET_FAILED);
      await isAccessible(ana, 'everyone, without messages');
      (await stage.person('bo')).allows(SOCKET_FAILED);
      await ana.showList();
      await isAccessible(ana, 'the list');
      await ana.page.getByRole('button', { name: 'New message', exact: true }).first().click();
      const dialog = ana.page.getByRole('dialog');
      await dialog.getByRole('option', { name: 'bo' }).waitFor();
      await isAccessible(ana, 'new message');
      await dialog.locator('#ids').fill('cy,');
      await dialog.locator('#ids').fill('\u202E,');
      await dialog.getByText(/invisible characters/).waitFor();
      await isAccessible(ana, 'new message, chosen and wrong');
      await dialog.locator('#ids').fill('bo');
      await dialog.getByRole('button', { name: 'Start', exact: true }).click();
      await isAccessible(ana, 'an empty conversation');
      await ana.send('Hello\nthere');
      await ana.hasState('Delivered to 1 of 2');
      await isAccessible(ana, 'chat');
      await ana.composer.fill('x'.repeat(40_000));
      await ana.page.getByText(/bytes too many/).waitFor();
      await isAccessible(ana, 'too long a message');
      await ana.composer.fill('');
      await ana.page.keyboard.press('F8');
      await ana.inspector.getByRole('button', { name: /sendmessage/ }).click();
      await isAccessible(ana, 'inspector');
      await ana.page.keyboard.press('F8');
      await ana.showList();
      const chip = ana.page.locator('details.status summary');
      await chip.click();
      await isAccessible(ana, 'connection details');
      await chip.click();
      await ana.open('bo, cy');
      await stage.gateway.kill();
      await ana.isDown();
      await ana.send('later');
      await ana.hasState('Waiting to be sent');
      await isAccessible(ana, 'disconnected');
    });

    test('a failed message', async () => {
      const server = await standIn('greeter');
      stage.finally(() => server.close());
      const ana = await stage.visitor(options);
      await ana.signIn({ user: 'ana', url: server.url });
      await ana.start('bo');
      await ana.send('not to be');
      // Word of the typing comes before it.
      const sent = () => server.frames.map((frame) => JSON.parse(frame)).find(({ action }) => action === 'sendmessage');
      const { id } = await until('the message', sent);
      server.broadcast(JSON.stringify({ event: 'nack', id, code: 'forbidden', retry: false }));
      await ana.hasState('Not sent. The server says you may not write here.');
      await ana.button('Try again').waitFor();
      await isAccessible(ana, 'a failed message');
      await ana.button('Discard').click();
      await ana.shows();
    });

    test('an S3 page', async () => {
      const server = await standIn('s3');
      stage.finally(() => server.close());
      const ana = await stage.visitor(options);
      await ana.signIn({ url: server.url, profile: 's3' });
      server.broadcast('maintenance at 10');
      await ana.open('Announcements');
      await ana.shows('Unknown sender: maintenance at 10');
      await isAccessible(ana, 'announcements');
      await ana.showList();
      await isAccessible(ana, 'the list');
    });
  });
}
