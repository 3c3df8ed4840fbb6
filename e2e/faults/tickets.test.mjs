// Faults 4 and 11 to 15: the ticket before each handshake, where HTTP statuses can be seen.

import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';

import { faultScene } from '../support/fault-scene.mjs';
import { refuse } from '../support/plays.mjs';
import { becomes, until } from '../support/until.mjs';

const stage = faultScene();

let issued = 0;
const grant = () => {
  issued += 1;
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body: `{"ticket":"t${issued}"}` };
};

beforeEach(() => {
  issued = 0;
  stage.server.config.tickets = '/ticket';
  stage.server.answers('/ticket', grant);
});

/** A failed fetch is written to the console by Chromium itself. */
const FETCH_FAILED = /Failed to load resource/;

async function visitor() {
  const ana = await stage.visitor();
  ana.allows(FETCH_FAILED);
  return ana;
}

const tickets = () => stage.server.connections.map(({ url }) => url.searchParams.get('ticket'));

const says = (chat, what) => chat.banner.locator('.banner-what').getByText(what).waitFor();

/** Time passes in small steps until so many tickets were asked for. */
const asked = (chat, count) => until(`request ${count} for a ticket`, async () => {
  if (stage.server.requests.length >= count) return true;
  await chat.pass(250);
  return false;
}, 30_000);

describe('tickets', () => {
  test('fault 04: a refused handshake goes through the ticket again, whose status decides', async () => {
    stage.server.plays(refuse(401), refuse(403));
    const ana = await visitor();
    await ana.connect({ user: 'ana' });
    await ana.returns(2);
    assert.deepEqual(tickets(), ['t1', 't2', 't3'], 'a fresh one each time');
    assert.deepEqual(stage.server.requests.map(({ method, body }) => `${method} ${body}`), Array(3).fill('POST {"userId":"ana"}'));
    // The next time it is the ticket that is refused, with a status a page can see.
    stage.server.answers('/ticket', { status: 403 });
    stage.server.last.reset();
    await asked(ana, 4);
    await says(ana, /refuses you/);
    assert.equal(stage.server.connections.length, 3);
  });

  for (const [status, words] of [[429, 'too many tickets were asked for'], [503, 'the server that issues tickets failed']]) {
    test(`fault 11: ${status} with Retry-After: 30 is said in its own words and not asked again before`, async () => {
      stage.server.answers('/ticket', { status, headers: { 'Retry-After': 30 } });
      const ana = await visitor();
      await ana.connect({ user: 'ana' });
      await asked(ana, 1);
      await ana.banner.getByText(/Next attempt in (29|30) s/).waitFor();
      await ana.banner.getByText(`HTTP ${status}: ${words}`).waitFor();
      await ana.pass(28_000);
      assert.equal(stage.server.requests.length, 1);
      stage.server.answers('/ticket', grant);
      await ana.returns(0);
    });
  }

  test('fault 11: a ticket endpoint that hangs is given up after 10 s', async () => {
    stage.server.answers('/ticket', () => null);
    const ana = await visitor();
    await ana.connect({ user: 'ana' });
    await becomes(() => stage.server.requests.length, 1);
    await ana.pass(9_000);
    assert.equal(await ana.banner.getByText(/Next attempt/).isVisible(), false);
    stage.server.answers('/ticket', grant);
    await ana.pass(1_000);
    await ana.returns(0);
  });

  test('fault 12: 401 asks to sign in; the outbox is kept for its owner and shown to nobody else', async () => {
    const ana = await visitor();
    await ana.signIn({ user: 'ana' });
    await ana.start('bo');
    stage.server.answers('/ticket', { status: 401 });
    stage.server.last.reset();
    await asked(ana, 2);
    await says(ana, /does not accept your ticket/);
    await ana.send('for later');
    await ana.hasState('Waiting to be sent');
    await ana.pass(120_000);
    assert.equal(stage.server.requests.length, 2, 'it does not ask again by itself');
    stage.server.answers('/ticket', grant);
    await ana.page.evaluate(() => sessionStorage.clear());
    await ana.page.reload();
    await ana.settled();
    await ana.signIn({ user: 'eve' });
    await becomes(() => ana.conversations(), ['Everyone']);
    await ana.page.evaluate(() => sessionStorage.clear());
    await ana.page.reload();
    await ana.settled();
    assert.deepEqual(stage.log.lines('c:ana,bo'), []);
    await ana.signIn({ user: 'ana' });
    await ana.open('bo');
    await ana.hasState('Sent');
    assert.deepEqual(stage.log.lines('c:ana,bo'), ['ana: for later']);
  });

  test('fault 12: the way to sign in again is the login that the site names; back from it, what waited is sent', async () => {
    stage.server.config.login = '/auth/';
    stage.server.answers('/auth/', { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<a href="/">Signed in</a>' });
    const ana = await visitor();
    await ana.signIn({ user: 'ana' });
    await ana.start('bo');
    stage.server.answers('/ticket', { status: 401 });
    stage.server.last.reset();
    await says(ana, /does not accept your ticket/);
    await ana.send('for later');
    await ana.hasState('Waiting to be sent');
    await ana.banner.getByRole('button', { name: 'Sign in again' }).click();
    stage.server.answers('/ticket', grant);
    await ana.page.getByRole('link', { name: 'Signed in' }).click();
    await ana.isUp();
    await ana.open('bo');
    await ana.hasState('Sent');
    assert.deepEqual(stage.log.lines('c:ana,bo'), ['ana: for later']);
  });

  test('fault 12: a login that is a script is not gone to: the form is shown', async () => {
    stage.server.config.login = 'javascript:document.title="mine"';
    stage.server.answers('/ticket', { status: 401 });
    const ana = await visitor();
    await ana.connect({ user: 'ana' });
    await ana.banner.getByRole('button', { name: 'Sign in again' }).click();
    await ana.page.locator('#user').waitFor();
    assert.match(await ana.page.title(), /Switchboard/);
  });

  test('fault 13: a ticket that has run out ends no connection; the next one gets a new ticket', async () => {
    const ana = await visitor();
    await ana.signIn({ user: 'ana' });
    stage.server.answers('/ticket', { status: 403 });
    await ana.live(60_000);
    await ana.isUp();
    stage.server.answers('/ticket', grant);
    stage.server.last.close(1001);
    await ana.returns(1);
    assert.deepEqual(tickets(), ['t1', 't2']);
  });

  for (const [what, answer] of Object.entries({
    'a page': { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<h1>Please accept our terms</h1>' },
    'JSON of something else': { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{"ok":true}' },
    'nothing': { status: 200 },
  })) {
    test(`fault 15: a captive portal that answers 200 with ${what} is a bad network, not a sign-out`, async () => {
      stage.server.answers('/ticket', answer);
      const ana = await visitor();
      await ana.connect({ user: 'ana' });
      await asked(ana, 3);
      assert.equal(stage.server.connections.length, 0);
      stage.server.answers('/ticket', grant);
      await ana.returns(0);
      assert.deepEqual(tickets(), ['t1']);
    });
  }
});
