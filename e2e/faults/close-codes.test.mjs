// Fault 27, and with it 17, 18 and 26: what a server's close code makes of the page.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { faultScene } from '../support/fault-scene.mjs';
import { dismiss } from '../support/plays.mjs';
import { becomes, until } from '../support/until.mjs';

const stage = faultScene();

/** What the banner says is the matter. */
const says = (chat, what) => chat.banner.locator('.banner-what').getByText(what).waitFor();

describe('close codes', () => {
  test('fault 27: after most codes the page comes back by itself', async () => {
    const ana = await stage.ana();
    for (const [number, code] of [1000, 1001, 1009, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999].entries()) {
      stage.server.connections[number].close(code, 'said so');
      await ana.closedWith(code);
      await ana.returns(number + 1);
      // Up for 10 s: the next failure is the first again.
      await ana.live(10_000);
    }
    await ana.send('still here');
    await ana.hasState('Sent');
  });

  test('fault 17: 1001, as at two hours or when idle: back within a second', async () => {
    const ana = await stage.ana();
    await ana.live(12_000);
    stage.server.last.close(1001, 'Going away');
    await stage.server.last.ends();
    await ana.pass(1_000);
    await stage.server.connection(1);
    await ana.isUp();
  });

  test('fault 27: 4429 asks for 15 s of quiet', async () => {
    const ana = await stage.ana();
    stage.server.last.close(4429);
    await ana.banner.getByText(/^Next attempt in 1[45] s/).waitFor();
    await ana.pass(13_000);
    assert.equal(stage.server.connections.length, 1);
    await ana.returns(1);
  });

  for (const [code, what] of Object.entries({ 4409: /Another session/, 4426: /too old/ })) {
    test(`fault 27: ${code} stops the page at once, and what was written stays`, async () => {
      const ana = await stage.ana();
      stage.server.last.close(Number(code), 'said so');
      await says(ana, what);
      await ana.send('kept');
      await ana.hasState('Waiting to be sent');
      await ana.pass(120_000);
      assert.equal(stage.server.connections.length, 1, 'it does not come back by itself');
      // What mends it is offered.
      await ana.button(code === '4426' ? 'Reload' : 'Try now').click();
      await ana.isUp();
      await ana.open('bo');
      await ana.hasState('Sent');
    });
  }

  for (const [code, what, again] of [
    [1008, /accept your ticket|refuses you/, 'Sign in again'],
    [4401, /accept your ticket/, 'Sign in again'],
    [4403, /refuses you/, 'Try now'],
    [4403, /refuses you/, 'Sign out'],
  ]) {
    test(`fault 27: ${code} is tried once more, then the page stops, and offers: ${again}`, async () => {
      stage.server.plays(dismiss(code), dismiss(code));
      const ana = await stage.visitor();
      await ana.connect({ user: 'ana' });
      await until('the second refusal', async () => {
        await ana.pass(500);
        return stage.server.connections.length === 2;
      });
      await says(ana, what);
      await ana.pass(120_000);
      assert.equal(stage.server.connections.length, 2);
      await ana.banner.getByRole('button', { name: again, exact: true }).click();
      if (again !== 'Try now') await ana.connect();
      await ana.isUp();
    });
  }

  test('fault 27: who signs in again goes on in the conversation where they were', async () => {
    const ana = await stage.ana();
    const isPlaced = () => until('the address is the conversation’s', async () => {
      await ana.pass(50);
      return (await ana.page.evaluate(() => location.hash)) === '#/c/c:ana,bo';
    });
    await isPlaced();
    stage.server.plays(dismiss(4401));
    stage.server.last.close(4401, 'said so');
    await until('the second refusal', async () => {
      await ana.pass(500);
      return stage.server.connections.length === 2;
    });
    await ana.banner.getByRole('button', { name: 'Sign in again' }).click();
    await ana.page.locator('#user').waitFor();
    await isPlaced();
    await ana.signIn();
    await ana.page.getByRole('heading', { level: 2, name: 'bo', exact: true }).waitFor();
  });

  test('fault 26: 1009 gives the large message back, and the others flow', async () => {
    const large = 'x'.repeat(30_000);
    const ana = await stage.ana();
    const [first] = stage.server.connections;
    first.onMessage = ({ json }) => { if (json?.content === large) first.close(1009, 'message too big'); };
    await ana.send(large);
    await ana.returns(1);
    await becomes(async () => /^Not sent\. The message is larger/.test(await ana.state()), true);
    await ana.send('small');
    // What could not be sent stands below what was.
    await becomes(async () => (await ana.timeline()).map(({ text, state }) => [text.length, state.split('.')[0]]), [[5, 'Sent'], [30_000, 'Not sent']]);
    assert.deepEqual(stage.log.lines('c:ana,bo'), ['ana: small']);
  });
});
