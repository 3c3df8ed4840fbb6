// Two and three people on the real gateway: what they write, what becomes of it, and what
// happens when the gateway, the page or a peer misbehaves.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { SOCKET_FAILED } from './support/chat-page.mjs';
import { Client } from './support/client.mjs';
import { hostileTexts } from './support/hostile.mjs';
import { scene } from './support/scene.mjs';
import { standIn } from './support/stand-ins.mjs';
import { becomes, until } from './support/until.mjs';

const stage = scene();

describe('conversations', () => {
  test('direct: each sees the other, and the sender sees it delivered', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await becomes(() => ana.online(), ['bo']);
    await ana.start('bo');
    await ana.send('Hello, Bo');
    await ana.hasState('Delivered');
    await bo.open('ana');
    await bo.shows('ana: Hello, Bo');
    await bo.send('Hello, Ana');
    await bo.hasState('Delivered');
    await ana.shows('You: Hello, Bo', 'bo: Hello, Ana');
    await bo.shows('ana: Hello, Bo', 'You: Hello, Ana');
  });

  test('group: everyone chosen gets it, nobody else does', async () => {
    const [ana, bo, cy, di] = await stage.people('ana', 'bo', 'cy', 'di');
    await ana.start('bo', 'cy');
    await ana.send('the three of us');
    await ana.hasState('Delivered to all 2');
    await bo.open('ana, cy');
    await cy.open('ana, bo');
    await cy.send('indeed');
    for (const chat of [ana, bo]) await becomes(async () => (await chat.lines()).at(-1), 'cy: indeed');
    await bo.shows('ana: the three of us', 'cy: indeed');
    assert.equal((await di.conversations()).includes('ana, bo, cy'), false);
    await di.start('bo');
    await di.send('a fence');
    await di.hasState('Delivered');
    assert.deepEqual((await di.conversations()).sort(), ['Everyone', 'bo']);
  });

  test('everyone: all who are here get it, and who comes later reads it', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start();
    await ana.send('to all of you');
    await bo.open('Everyone');
    await bo.shows('ana: to all of you');
    const cy = await stage.person('cy');
    await cy.open('Everyone');
    await cy.shows('ana: to all of you');
    await cy.send('late, but here');
    for (const chat of [ana, bo]) await chat.shows(...(chat === ana ? ['You: to all of you'] : ['ana: to all of you']), 'cy: late, but here');
  });

  test('people can be ticked, and an id can be pressed in the sidebar', async () => {
    const [ana, bo, cy] = await stage.people('ana', 'bo', 'cy');
    await becomes(() => ana.online(), ['bo', 'cy']);
    await ana.button('New message').first().click();
    const dialog = ana.page.getByRole('dialog', { name: 'To whom?' });
    await dialog.getByRole('checkbox', { name: 'bo' }).check();
    await dialog.getByRole('checkbox', { name: 'cy' }).check();
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    await ana.page.getByRole('heading', { level: 2, name: 'bo, cy' }).waitFor();
    await bo.page.getByRole('button', { name: 'cy', exact: true }).click();
    await bo.send('pressed');
    await cy.open('bo');
    await cy.shows('bo: pressed');
  });

  test('who leaves is no longer online', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await becomes(() => ana.online(), ['bo']);
    await bo.button('Sign out').click();
    await bo.button('Connect').waitFor();
    await becomes(() => ana.online(), []);
    await ana.page.getByText('Nobody else is online.').first().waitFor();
  });

  test('unread messages are counted until the conversation is opened', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start('bo');
    for (const text of ['one', 'two', 'three']) await ana.send(text);
    await bo.conversation('ana').getByText('3 unread messages').waitFor();
    await bo.open('ana');
    await bo.shows('ana: one', 'ana: two', 'ana: three');
    await bo.conversation('ana').getByText('3 unread messages').waitFor({ state: 'hidden' });
  });
});

describe('the state of an own message', () => {
  test('to somebody absent: sent, and delivered once they have caught up', async () => {
    const ana = await stage.person('ana');
    await ana.start('bo', 'cy');
    await ana.send('for later');
    await ana.hasState('Sent');
    const bo = await stage.person('bo');
    await bo.open('ana, cy');
    await bo.shows('ana: for later');
    await ana.hasState('Delivered to 1 of 2');
    const cy = await stage.person('cy');
    await cy.open('ana, bo');
    await ana.hasState('Delivered to all 2');
  });

  test('written while the gateway is away: waits visibly, goes out once', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    for (const chat of [ana, bo]) chat.allows(SOCKET_FAILED);
    await ana.start('bo');
    await ana.send('before');
    await ana.hasState('Delivered');
    await stage.gateway.kill();
    await ana.isDown();
    await ana.send('during');
    await ana.hasState('Waiting to be sent');
    await ana.banner.getByText('1 message waits to be sent').waitFor();
    await stage.gateway.startAgain();
    await ana.hasState('Delivered');
    await ana.shows('You: before', 'You: during');
    await bo.open('ana');
    await bo.shows('ana: before', 'ana: during');
  });
});

describe('several tabs and visits', () => {
  test('a second tab of the same person shows own messages, each once', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    const second = await stage.tab(ana.page.context());
    await second.signIn({ user: 'ana' });
    await ana.start('bo');
    await ana.send('from the first tab');
    await second.open('bo');
    await second.shows('You: from the first tab');
    await second.send('from the second tab');
    for (const chat of [ana, second]) await chat.shows('You: from the first tab', 'You: from the second tab');
    await bo.open('ana');
    await bo.shows('ana: from the first tab', 'ana: from the second tab');
  });

  test('closing one tab does not take the person offline', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    const second = await stage.tab(ana.page.context());
    await second.signIn({ user: 'ana' });
    await second.page.close();
    await becomes(() => stage.gateway.connections(), 2);
    await bo.start('ana');
    await bo.send('still there?');
    await bo.hasState('Delivered');
    assert.deepEqual(await bo.online(), ['ana']);
  });

  test('a reload keeps the session and the history, and goes on', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start('bo');
    for (const text of ['one', 'two', 'three']) await ana.send(text);
    await bo.open('ana');
    await bo.send('four');
    await becomes(async () => (await ana.lines()).length, 4);
    await ana.page.reload();
    await ana.isUp();
    await ana.open('bo');
    await ana.shows('You: one', 'You: two', 'You: three', 'bo: four');
    await ana.send('five');
    await bo.shows('ana: one', 'ana: two', 'ana: three', 'You: four', 'ana: five');
    // Deliveries are not stored; the next one tells how far everything before it got.
    await becomes(async () => (await ana.timeline()).map(({ state }) => state), [
      'Delivered', 'Delivered', 'Delivered', undefined, 'Delivered',
    ]);
  });

  test('an unsent message survives the page and goes out at the next visit', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start('bo');
    await ana.send('sent');
    await ana.hasState('Delivered');
    // Only ana's way to the gateway is cut; the page itself stays reachable.
    const gone = (socket) => socket.close({ code: 1001 });
    await ana.page.routeWebSocket(/\/dev/, gone);
    await ana.page.reload();
    await ana.isDown();
    await ana.start('bo');
    await ana.send('unsent');
    await ana.hasState('Waiting to be sent');
    const context = ana.page.context();
    await ana.page.close();
    const again = await stage.tab(context);
    await again.signIn();
    await again.open('bo');
    await again.shows('You: sent', 'You: unsent');
    await again.hasState('Delivered');
    await bo.open('ana');
    await bo.shows('ana: sent', 'ana: unsent');
  });
});

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

describe('a gateway killed in the middle of a conversation', () => {
  test('nothing is lost, duplicated or reordered on either page', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    for (const chat of [ana, bo]) chat.allows(SOCKET_FAILED);
    await ana.start('bo');
    await ana.send('a0');
    await bo.open('ana');
    const talk = async (chat, letter) => {
      for (let n = 1; n <= 12; n += 1) await chat.send(`${letter}${n}`);
    };
    const talking = Promise.all([talk(ana, 'a'), talk(bo, 'b')]);
    for (let round = 0; round < 2; round += 1) {
      await stage.gateway.kill();
      await stage.gateway.startAgain();
    }
    await talking;
    const bare = async (chat) => (await chat.lines()).map((line) => line.split(': ')[1]);
    const expected = (letter, from) => Array.from({ length: 13 - from }, (_, n) => `${letter}${n + from}`);
    for (const chat of [ana, bo]) {
      await until('every message on the page', async () => (await chat.lines()).length >= 25, 40_000);
      await becomes(async () => (await chat.timeline()).filter(({ state }) => state !== undefined && state !== 'Delivered'), [], 40_000);
      const lines = await bare(chat);
      assert.equal(lines.length, 25);
      for (const [letter, from] of [['a', 0], ['b', 1]]) {
        assert.deepEqual(lines.filter((line) => line.startsWith(letter)), expected(letter, from));
      }
    }
    assert.deepEqual(await bare(ana), await bare(bo), 'the same order on both pages');
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
    const browser = await ana.page.context().newCDPSession(ana.page);
    const key = (type, keyCode) => browser.send('Input.dispatchKeyEvent', {
      type, key: 'Enter', code: 'Enter', windowsVirtualKeyCode: keyCode,
    });
    await browser.send('Input.imeSetComposition', { text: 'ねこ', selectionStart: 2, selectionEnd: 2 });
    await key('rawKeyDown', 13);
    await key('keyUp', 13);
    assert.equal(await ana.composer.inputValue(), 'ねこ', 'a composing Enter keeps the text');
    await browser.send('Input.insertText', { text: '猫' });
    // Safari's order: composition has ended, but the key says 229.
    await key('rawKeyDown', 229);
    await key('keyUp', 229);
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
    await ana.page.getByText(/^\d+ bytes too many/).waitFor();
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
    const texts = ['<script>window.hacked = true</script>', '<img src=x onerror="window.hacked=true">', '**no** <b>bold</b> &amp; "quotes" \\ {"action":"bye"}'];
    for (const text of texts) await ana.send(text);
    await bo.open('ana');
    await bo.shows(...texts.map((text) => `ana: ${text}`));
    for (const chat of [ana, bo]) {
      assert.equal(await chat.page.evaluate(() => window.hacked), undefined);
      assert.equal(await chat.page.locator('ol.messages').locator('b, img, script').count(), 0);
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
    await ana.inspector.getByText(/^\d+ of 32768 bytes$/).waitFor();
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
    await becomes(async () => (await ana.frames()).length > before.length, true);
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

describe('hostile peers', () => {
  test('whatever a raw client sends, the gateway and the pages of others live on', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start('bo');
    const frames = [
      ...Object.values(hostileTexts).filter((text) => Buffer.byteLength(text) <= 32 * 1024),
      ...['hello', 'sendmessage', 'sendMessage', 'sync', 'signal', 'ping', 'bye'].flatMap((action) => [
        `{"action":"${action}"}`, `{"action":"${action}","v":"x","rid":-1,"id":{},"to":[[]],"conv":1e400,"content":null,"data":7}`,
        `{"action":"${action}","rid":1,"id":"\\ud800","to":"\\udfff","content":"\\ud83d","kind":"typing","conv":"c:a,b"}`,
      ]),
      JSON.stringify({ action: 'sendmessage', content: '\u202Egnp.exe\u2066<script>window.hacked=true</script>', to: 'ana' }),
      JSON.stringify({ action: 'sendmessage', v: 1, id: 'x'.repeat(65), to: ['ana'], content: 'x' }),
      JSON.stringify({ action: 'sendmessage', v: 1, id: 'x', conv: 'c:ana,bo', content: 'not mine' }),
      JSON.stringify({ action: 'sendmessage', v: 1, id: 'y', to: Array.from({ length: 60 }, (_, n) => `u${n}`), content: 'x' }),
      JSON.stringify({ action: 'hello', v: 1, rid: 1, device: 'd'.repeat(9_000), tab: 't' }),
    ];
    for (const query of ['?userId=mallory', '']) {
      const mallory = await Client.connect(stage.gateway.socketUrl + query);
      for (const frame of frames) mallory.send(frame);
      mallory.send({ action: 'sendmessage', data: 'fence' });
      await until('the client was served', () => mallory.received.includes('fence'), 20_000);
      assert.equal(mallory.socket.readyState, 1, 'none of it cuts even the sender off');
      mallory.socket.terminate();
    }
    for (const [payload, code] of [
      ['x'.repeat(1 << 20), 1009], [Buffer.from('{"action":"hello"}'), 1003],
    ]) {
      const mallory = await Client.connect(`${stage.gateway.socketUrl}?userId=mallory`);
      mallory.socket.send(payload);
      assert.equal((await mallory.closed).code, code);
    }
    const garbled = await Client.connect(`${stage.gateway.socketUrl}?userId=mallory`);
    garbled.socket.send(Buffer.from([0x22, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0x22]), { binary: false });
    assert.notEqual((await garbled.closed).code, 1000);

    await ana.send('still well?');
    await ana.hasState('Delivered');
    await bo.open('ana');
    await bo.send('very');
    await ana.shows('You: still well?', 'bo: very');
    for (const chat of [ana, bo]) assert.equal(await chat.page.evaluate(() => window.hacked), undefined);
  });

  test('a deceptive user id is refused at the handshake', async () => {
    for (const name of ['a\u202Eb', ' ana', 'x'.repeat(65), '', 'a\u0000b']) {
      const mallory = new Client(`${stage.gateway.socketUrl}?userId=${encodeURIComponent(name)}`);
      assert.equal((await mallory.closed).code, 1006, JSON.stringify(name));
    }
  });

  for (const [profile, system] of Object.entries({ switchboard: 'greeter', s1: 's1', s2: 's2', s3: 's3', s4: 's4', s5: 's5' })) {
    test(`whatever a server sends, the page lives on: ${profile}`, async () => {
      const server = await standIn(system);
      stage.finally(() => server.close());
      const ana = await stage.visitor();
      await ana.signIn({ user: 'ana', url: server.url, profile });
      await ana.page.keyboard.press('F8');
      const message = (content, more) => JSON.stringify({
        event: 'message', conv: 'c:ana,mallory', seq: 1, id: 'm', from: 'mallory', at: 1, kind: 'text', content, ...more,
      });
      for (const text of Object.values(hostileTexts)) {
        server.broadcast(text);
        server.broadcast(JSON.stringify({ content: text, from: text.slice(0, 40) }));
        server.broadcast(JSON.stringify({ message: `${text} says: ${text}` }));
        server.broadcast(message(text, { from: text.slice(0, 40) }));
        server.broadcast(message(text, { kind: text }));
      }
      server.broadcast('x'.repeat(1 << 20));
      for (const socket of server.connections.values()) socket.send(Buffer.alloc(1000, 0xff));
      for (const more of [
        { seq: 9_007_199_254_740_993 }, { seq: 0 }, { at: 8.64e15 + 1 }, { at: Number.MAX_SAFE_INTEGER },
        { conv: 'c:mallory,zoe' }, { conv: 'lobby' }, { id: 'n', seq: 3, kind: 'reaction', re: 'nothing' },
      ]) server.broadcast(message('odd', more));
      server.broadcast(JSON.stringify({ event: 'presence', all: true, online: ['<b>x</b>', 'bo', 'bo', ''] }));
      server.broadcast(JSON.stringify({ event: 'presence', all: true, online: Array.from({ length: 2_000 }, (_, n) => `u${n}`) }));
      server.broadcast(JSON.stringify({ event: 'welcome', rid: 99, connection: 'x', now: 1, epoch: 'other', heads: {}, limits: { max_bytes: 1 }, min_version: 9 }));
      server.broadcast(JSON.stringify({ event: 'ack', id: 'nobody-sent-this', conv: 'lobby', seq: 5, at: 1 }));
      server.broadcast(JSON.stringify({ event: 'nack', id: 'nobody-sent-this', code: 'made_up', retry: false }));
      server.broadcast(JSON.stringify({ event: 'page', rid: 77, conv: 'lobby', after: 0, messages: [], covered: 99, head: 12, epoch: 'e' }));
      server.broadcast(JSON.stringify({ event: 'fence' }));
      await until('everything has arrived', async () => (await ana.frames())[0] === 'received fence', 20_000);
      assert.match(await ana.status(), /OPEN Connected$/);
      for (const name of await ana.conversations()) await ana.open(name);
      assert.equal(await ana.page.evaluate(() => window.hacked), undefined);
      assert.equal(await ana.page.locator('.chat').locator('script, img, a, b').count(), 0, 'no element comes out of a message');
      await ana.page.locator('ul.frames button').last().click();
      await ana.inspector.getByRole('button', { name: 'Clear' }).click();
      await becomes(() => ana.frames(), []);
    });
  }

  test('bad UTF-8 from a server costs the connection, not the page', async () => {
    const server = await standIn('greeter');
    stage.finally(() => server.close());
    const ana = await stage.visitor();
    ana.allows(/Could not decode a text frame as UTF-8/);
    await ana.signIn({ user: 'ana', url: server.url });
    for (const socket of server.connections.values()) socket.send(Buffer.from([0xc3, 0x28]), { binary: false });
    await until('a second handshake', () => server.handshakes.length === 2);
    await ana.isUp();
  });
});
