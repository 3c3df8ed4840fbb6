// What those hear who have the page read to them: what others write, gathered and named, and nothing of
// what they know or do themselves.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { faultScene } from './support/fault-scene.mjs';
import { listen, spoken } from './support/spoken.mjs';
import { rowsOf } from './support/storage.mjs';
import { becomes } from './support/until.mjs';

const stage = faultScene();

/** Messages are announced this often at most, ms. */
const GATHER = 1_000;
/** What has gathered is shown by then, ms: on a clock that stands no frame is painted. */
const SHOWN = 300;

/** What bo wrote while ana was not here, message 1 to `count`. */
function before(count) {
  for (let n = 1; n <= count; n += 1) stage.log.commit('bo', { id: `m${n}`, to: ['ana'], content: `message ${n}` });
}

describe('the announcer', () => {
  /** ana's page, whose clock stands: `hears` lets time pass, in which this is said, and nothing else. */
  async function hearing() {
    const ana = await stage.ana({ prepare: listen });
    const heard = [];
    return {
      ana,
      post: (from, ...texts) => texts.map((text) => stage.log.post(from, ['ana'], text)),
      async hears(ms, ...said) {
        heard.push(...said);
        await ana.hearsEverything();
        await ana.pass(ms);
        await becomes(() => spoken(ana), heard, 5_000);
      },
    };
  }

  test('reads one message, counts several and names who wrote them, at most once a second', async () => {
    const { ana, post, hears } = await hearing();
    await ana.stands();
    post('bo', 'hello **there**');
    await hears(SHOWN + GATHER, 'bo: hello there');
    post('cy', 'of another conversation');
    await hears(SHOWN + GATHER, 'New message from cy');
    post('bo', 'one');
    await hears(SHOWN, 'bo: one');
    post('bo', 'two', 'three');
    post('cy', 'four');
    await hears(SHOWN);
    post('dan', 'five');
    post('eve', 'six');
    await hears(GATHER, '5 new messages from bo, cy and 2 more');
    post('dan', 'seven');
    await hears(SHOWN + GATHER, 'New message from dan');
  });

  for (const count of [20, 30]) {
    test(`says nothing of a muted conversation to which ${count} messages come at once`, async () => {
      const { ana, post, hears } = await hearing();
      post('cy', 'to be muted');
      await becomes(() => spoken(ana), ['New message from cy']);
      await ana.choose('cy', 'Mute');
      await ana.stands();
      await hears(GATHER, 'New message from cy');
      post('cy', ...Array.from({ length: count }, (_, n) => `muted ${n}`));
      await hears(SHOWN + GATHER);
      post('bo', 'and this');
      await hears(SHOWN + GATHER, 'bo: and this');
    });
  }

  test('says nothing of history, of what one writes here or in another tab, or of a change of conversation', async () => {
    before(120);
    stage.log.commit('cy', { id: 'c1', to: ['ana'], content: 'from cy' });
    const ana = await stage.visitor({ clock: false, prepare: listen });
    await ana.signIn({ user: 'ana' });
    const hasFirst = (text) => becomes(async () => (await ana.lines())[0], text);
    const news = async (text) => {
      stage.log.post('bo', ['ana'], text);
      await becomes(() => spoken(ana), [`bo: ${text}`]);
    };
    await ana.open('bo');
    await hasFirst('bo: message 71');
    const top = () => ana.page.locator('#messages').evaluate((list) => { list.scrollTop = -list.scrollHeight; });
    await top();
    await hasFirst('bo: message 21');
    await ana.open('cy');
    await ana.shows('cy: from cy');
    await ana.open('bo');
    await ana.send('mine');
    const other = await stage.tab(ana, { clock: false });
    await other.signIn({ user: 'ana' });
    await other.open('bo');
    await other.send('mine elsewhere');
    await becomes(async () => (await ana.lines()).slice(-2), ['You: mine', 'You: mine elsewhere']);
    await news('news');
    // What one asks for is said when it is there.
    await ana.button('Load earlier messages').evaluate((button) => button.click());
    await becomes(() => spoken(ana), ['bo: news', 'Earlier messages loaded']);
    // What this browser has is history to a page that begins.
    await becomes(async () => (await rowsOf(ana.page, 'messages')).some((row) => row.includes('"news"')), true);
    await ana.page.reload();
    await ana.isUp();
    await ana.message('news').waitFor();
    await news('again');
  });

  test('is what is live; the list of messages is not', async () => {
    const { ana } = await hearing();
    stage.log.post('bo', ['ana'], 'hello');
    await becomes(() => spoken(ana), ['bo: hello']);
    const browser = await ana.page.context().newCDPSession(ana.page);
    // As the browser tells assistive technology.
    const { nodes } = await browser.send('Accessibility.getFullAXTree');
    const of = new Map(nodes.map((node) => [node.nodeId, node]));
    const live = (node) => node && (node.properties?.find(({ name }) => name === 'live')?.value.value ?? live(of.get(node.parentId)));
    const texts = nodes.filter(({ role, name }) => role?.value === 'StaticText' && /hello$/.test(name.value));
    assert.deepEqual(texts.map((node) => [node.name.value.replace(/[\u2066-\u2069]/g, ''), live(node)]).sort(), [
      // The announcer; the row in the list of conversations and the message itself.
      ['bo: hello', 'polite'], ['hello', undefined], ['hello', undefined],
    ]);
  });
});
