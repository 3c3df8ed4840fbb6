// One page on the real gateway: the connection's state, the composer, the frame inspector.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { SOCKET_FAILED } from './support/chat-page.mjs';
import { inputMethod } from './support/input-method.mjs';
import { scene } from './support/scene.mjs';
import { standIn } from './support/stand-ins.mjs';
import { becomes, until } from './support/until.mjs';

const stage = scene();

describe('the connection, told truthfully', () => {
  test('words, close code, countdown and Try now while the gateway is away', async () => {
    const ana = await stage.person('ana');
    ana.allows(SOCKET_FAILED);
    assert.equal(await ana.banner.isVisible(), false);
    await stage.gateway.kill();
    await ana.isDown();
    await ana.banner.getByText('CLOSED').waitFor();
    await ana.sidebar.getByText('Known again once connected.').waitFor();
    await ana.banner.getByText(/^1006: the connection was lost/).waitFor();
    // The steps grow with each failed attempt: soon a countdown stands long enough to be read.
    await ana.banner.getByText(/^Next attempt in [1-9]\d? s \(\d+ failed attempts?\)$/).waitFor({ timeout: 30_000 });
    await stage.gateway.startAgain();
    const tryNow = ana.button('Try now');
    await until('connected by Try now or by itself', async () => {
      if (await tryNow.isVisible()) await tryNow.click({ timeout: 500 }).catch(() => {});
      return /OPEN Connected$/.test(await ana.status());
    });
    await becomes(() => ana.banner.isVisible(), false);
  });

  test('a gateway that stops says goodbye: 1001, and the page comes back by itself', async () => {
    const ana = await stage.person('ana');
    ana.allows(SOCKET_FAILED);
    await stage.gateway.stop();
    await ana.isDown();
    await ana.page.locator('details.status summary').click();
    await stage.gateway.startAgain();
    await ana.isUp();
    const lastClose = ana.page.locator('details.status dl').getByText(/1001|1006/);
    await lastClose.first().waitFor();
  });

  test('the details name the URL, the kind of system and the connection id', async () => {
    const ana = await stage.person('ana');
    await ana.page.locator('details.status summary').click();
    const details = ana.page.locator('details.status dl');
    await details.getByText(stage.gateway.socketUrl).waitFor();
    await details.getByText('Switchboard', { exact: true }).waitFor();
    const id = await details.locator('div', { hasText: 'Connection id' }).locator('dd').innerText();
    assert.equal((await stage.gateway.manage('GET', id)).status, 200);
  });

  test('a bad URL is explained and nothing is opened', async () => {
    const ana = await stage.visitor();
    for (const [url, why] of Object.entries({
      '': 'Enter the URL of a WebSocket API.',
      'dev': 'Begin with wss:// or ws://, or with / for a path on this site.',
      'wss://': 'Add the host after wss://',
      'wss://host:99999/dev': 'Check the host and the port',
      'wss://host/dev#x': 'Remove the # and what follows',
      'ws://ho st/': 'Remove spaces and line breaks',
    })) {
      await ana.connect({ user: 'ana', url });
      await ana.page.locator('#url-error').getByText(why).waitFor();
      assert.equal(await ana.field('WebSocket URL').evaluate((field) => field === document.activeElement), true);
    }
    assert.equal(await stage.gateway.connections(), 0);
  });

  test('a server that is not there is explained, and sign out leads back to the form', async () => {
    const ana = await stage.visitor();
    ana.allows(SOCKET_FAILED);
    await ana.connect({ user: 'ana', url: 'ws://127.0.0.1:9/dev' });
    await ana.isDown();
    await ana.banner.getByText(/could not be reached/).waitFor();
    await ana.button('Sign out').click();
    assert.equal(await ana.field('WebSocket URL').inputValue(), 'ws://127.0.0.1:9/dev');
  });

  test('what a person typed is not replaced when config.json comes late', async () => {
    const ana = await stage.visitor();
    let release;
    const held = new Promise((resolve) => { release = resolve; });
    await ana.page.route('**/config.json', async (route) => { await held; await route.continue(); });
    await ana.page.goto(stage.gateway.url, { waitUntil: 'commit' });
    await ana.button('Connect').waitFor();
    const server = await standIn('s2');
    stage.finally(() => server.close());
    await ana.field('Kind of system').selectOption('s2');
    await ana.page.locator('#user').fill('ana');
    await ana.field('WebSocket URL').fill(server.url);
    const config = ana.page.waitForResponse('**/config.json');
    release();
    await (await config).finished();
    await ana.signIn();
    assert.deepEqual(server.handshakes, ['/prod?userId=ana']);
  });
});

describe('the composer', () => {
  test('Enter sends, Shift+Enter breaks the line', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start('bo');
    await ana.composer.press('Enter');
    await ana.composer.pressSequentially('first');
    await ana.composer.press('Shift+Enter');
    await ana.composer.pressSequentially('second');
    assert.equal(await ana.composer.inputValue(), 'first\nsecond');
    await ana.composer.press('Enter');
    await becomes(() => ana.composer.inputValue(), '');
    await bo.open('ana');
    await bo.shows('ana: first\nsecond');
  });

  test('Enter never sends while an input method composes', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start('bo');
    await ana.composer.focus();
    const { compose, commit, press } = await inputMethod(ana.page);
    await compose('ねこ');
    await press(13);
    assert.equal(await ana.composer.inputValue(), 'ねこ', 'a composing Enter keeps the text');
    await commit('猫');
    // Safari's order: composition has ended, but the key says 229.
    await press(229);
    assert.equal(await ana.composer.inputValue(), '猫');
    assert.deepEqual(await ana.lines(), []);
    await ana.composer.press('Enter');
    await bo.open('ana');
    await bo.shows('ana: 猫');
  });

  test('a message past 32 KB is not taken, and the page says by how much', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start('bo');
    await ana.composer.fill('ü'.repeat(17_000));
    await ana.page.getByText(/^[\d,]+ bytes too many/).waitFor();
    await ana.composer.press('Enter');
    assert.equal((await ana.composer.inputValue()).length, 17_000);
    const fits = 'ü'.repeat(16_000);
    await ana.send(fits);
    await ana.hasState('Delivered');
    await bo.open('ana');
    await bo.shows(`ana: ${fits}`);
  });

  test('text that reads like markup stays text, at both ends', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start('bo');
    const texts = ['<script>window.hacked = true</script>', '<img src=x onerror="window.hacked=true">', 'no <b>bold</b> &amp; "quotes" \\ {"action":"bye"}'];
    for (const text of texts) await ana.send(text);
    await bo.open('ana');
    await bo.shows(...texts.map((text) => `ana: ${text}`));
    for (const chat of [ana, bo]) {
      assert.equal(await chat.page.evaluate(() => window.hacked), undefined);
      assert.equal(await chat.page.locator('div.messages').locator('b, img, script').count(), 0);
    }
  });

  test('keyboard only, from the form to a sent message', async () => {
    const bo = await stage.person('bo');
    const ana = await stage.visitor();
    const { keyboard } = ana.page;
    const focused = () => ana.page.evaluate(() => {
      const element = document.activeElement;
      return element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent.trim() ?? element.textContent.trim();
    });
    const tabTo = (name) => until(`Tab reaches ${name}`, async () => {
      await keyboard.press('Tab');
      return (await focused()) === name;
    });
    await tabTo('Your user id');
    await keyboard.type('ana');
    await keyboard.press('Enter');
    await ana.isUp();
    await tabTo('New message');
    await keyboard.press('Enter');
    await ana.page.getByRole('dialog').waitFor();
    await until('the field for ids has the focus', async () => {
      if ((await focused()) === 'User ids') return true;
      await keyboard.press('Tab');
      return false;
    });
    await keyboard.type('bo');
    await keyboard.press('Enter');
    await keyboard.press('Enter');
    await becomes(focused, 'Message');
    await keyboard.type('without a mouse');
    await keyboard.press('Enter');
    await bo.open('ana');
    await bo.shows('ana: without a mouse');
    await keyboard.press('Shift+Tab');
    await keyboard.press('F8');
    await ana.inspector.waitFor();
    await becomes(focused, 'Filter by route, event or text');
    await keyboard.press('Escape');
    await ana.inspector.waitFor({ state: 'hidden' });
    await becomes(focused, 'Frames (F8)');
  });
});

describe('the frame inspector', () => {
  test('shows frames both ways with size and pretty JSON; filter, pause, clear', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.button('Frames (F8)').click();
    await ana.inspector.waitFor();
    await ana.start('bo');
    await ana.send('look inside');
    await ana.hasState('Delivered');
    const names = await ana.frames();
    for (const name of ['sent hello', 'received welcome', 'sent sendmessage', 'received ack', 'received delivery']) {
      assert.ok(names.includes(name), `${name} in ${names}`);
    }
    await ana.inspector.getByRole('button', { name: /sendmessage/ }).click();
    await ana.inspector.getByText(/^[\d,]+ of 32,768 bytes$/).waitFor();
    const shown = await ana.inspector.getByRole('region', { name: 'Frames' }).innerText();
    assert.match(shown, /\n/, 'broken into lines');
    assert.deepEqual(JSON.parse(shown).content, 'look inside');

    await ana.inspector.getByRole('combobox', { name: 'Direction' }).selectOption('sent');
    await becomes(async () => (await ana.frames()).every((name) => name.startsWith('sent ')), true);
    await ana.inspector.getByRole('searchbox').fill('LOOK INSIDE');
    await becomes(() => ana.frames(), ['sent sendmessage']);
    await ana.inspector.getByRole('searchbox').fill('');
    await ana.inspector.getByRole('combobox', { name: 'Direction' }).selectOption('');

    const pause = ana.inspector.getByRole('button', { name: 'Pause' });
    await pause.click();
    const before = await ana.frames();
    await bo.open('ana');
    await bo.send('while paused');
    await ana.shows('You: look inside', 'bo: while paused');
    assert.deepEqual(await ana.frames(), before);
    await pause.click();
    // The last of them: that of the mark of reading.
    await becomes(async () => (await ana.frames())[0], 'received ack');
    await ana.inspector.getByRole('button', { name: 'Clear' }).click();
    await becomes(() => ana.frames(), []);
    await ana.inspector.getByText('No frames yet.').waitFor();
    await ana.page.keyboard.press('F8');
    await ana.inspector.waitFor({ state: 'hidden' });
  });

  test('copies a frame as a wscat line', async () => {
    const ana = await stage.visitor({ permissions: ['clipboard-read', 'clipboard-write'] });
    await ana.signIn({ user: 'ana', query: 'ticket=secret' });
    await ana.start('bo');
    await ana.send("it's mine");
    await ana.hasState('Sent');
    await ana.page.keyboard.press('F8');
    await ana.inspector.getByRole('button', { name: /sendmessage/ }).click();
    await ana.inspector.getByRole('button', { name: 'Copy for wscat' }).click();
    const line = await until('a line on the clipboard', () => ana.page.evaluate(() => navigator.clipboard.readText()));
    assert.ok(line.startsWith(`wscat -c '${stage.gateway.socketUrl}?userId=ana&ticket=REDACTED' -x '{"action":"sendmessage"`), line);
    assert.ok(line.includes(String.raw`it'\''s mine`), line);
  });

  test('marks the gateway’s own error frames', async () => {
    const server = await standIn('greeter');
    stage.finally(() => server.close());
    const ana = await stage.visitor();
    await ana.signIn({ user: 'ana', url: server.url });
    await ana.page.keyboard.press('F8');
    server.broadcast('{"message": "Forbidden", "connectionId":"BFaT_fALIAMCKug=", "requestId":"BFaUAFvkoAMFpTg="}');
    await becomes(async () => (await ana.frames())[0], 'received Gateway error');
    assert.deepEqual(await ana.lines(), []);
  });
});
