// What a page in the background tells: its tab's title and icon.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { bareChromium, hide } from './support/bare-chromium.mjs';
import { faultScene } from './support/fault-scene.mjs';
import { becomes } from './support/until.mjs';

const stage = faultScene(bareChromium());

/** The tab's title, and the name of its icon's file. */
const tab = (chat) => chat.page.evaluate(() => ({
  title: document.title, icon: document.querySelector('link[rel=icon]').href.split('/').at(-1).replace(/-[0-9a-f]{16}/, ''),
}));

describe('in the background', () => {
  test('title and icon tell what is unread, and go back when it is read', async () => {
    const ana = await stage.ana({ clock: false });
    const plain = { title: 'bo – Switchboard', icon: 'favicon.svg' };
    await becomes(() => tab(ana), plain);
    // In sight, a message is read as it comes.
    stage.log.post('bo', ['ana'], 'seen');
    await ana.shows('bo: seen');
    await becomes(() => tab(ana), plain);
    const show = await hide(ana.page);
    stage.log.post('bo', ['ana'], 'one');
    await becomes(() => tab(ana), { title: '(1) bo – Switchboard', icon: 'favicon-unread.svg' });
    assert.equal(await ana.page.evaluate(async () => (await fetch(document.querySelector('link[rel=icon]').href)).status), 200);
    stage.log.post('bo', ['ana'], 'two');
    stage.log.post('cy', ['ana'], 'three');
    await becomes(() => tab(ana), { title: '(3) bo – Switchboard', icon: 'favicon-unread.svg' });
    // Shown again, what is in sight is read; what is elsewhere when it is opened.
    await show();
    await becomes(() => tab(ana), { title: '(1) bo – Switchboard', icon: 'favicon-unread.svg' });
    await ana.open('cy');
    await becomes(() => tab(ana), { title: 'cy – Switchboard', icon: 'favicon.svg' });
  });
});
