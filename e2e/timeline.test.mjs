// The timeline in a real Chromium: what is in sight stays there, to the pixel, whatever happens.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Place, textOf, write } from './support/place.mjs';
import { scene } from './support/scene.mjs';
import { becomes, until } from './support/until.mjs';

const stage = scene();
const desk = { viewport: { width: 1100, height: 760 } };

/** Ana in a lobby in which bo wrote `count` messages, all of them loaded where `live`. */
async function reader(count, { live = false, ...options } = desk) {
  if (!live) await write(stage.gateway, 'bo', count);
  const ana = await stage.person('ana', { ...desk, ...options });
  await ana.open('Everyone');
  if (live) await write(stage.gateway, 'bo', count);
  // Thousands take their time on a busy machine.
  await ana.message(textOf(count)).waitFor({ timeout: 60_000 });
  return { ana, place: await Place.of(ana) };
}

describe('what is in sight stays where it is', () => {
  test('while older messages are put above it, from the very top too', async () => {
    const { ana, place } = await reader(400);
    await place.to(1500);
    await place.holds('older messages', async () => {
      const before = (await place.scroll()).of;
      await ana.page.evaluate(() => document.querySelector('.load').click());
      await until('they are there', async () => (await place.scroll()).of > before + 500);
    });
    const { of } = await place.scroll();
    // That is near enough to fetch more by itself.
    await ana.page.evaluate(() => {
      const { scroller } = window.list;
      scroller.scrollTop = -(scroller.scrollHeight - scroller.clientHeight);
    });
    await place.holds('more of them, from scrollTop 0', () =>
      until('they are there', async () => (await place.scroll()).of > of + 500));
  });

  test('while messages arrive, and they are counted', async () => {
    const { ana, place } = await reader(120);
    await place.to(1200);
    await place.holds('messages', async () => {
      await write(stage.gateway, 'cy', 5, 900);
      await ana.button('Jump to the latest (5 new)').waitFor();
    });
    await ana.button('Jump to the latest (5 new)').click();
    await place.still();
    assert.equal((await place.scroll()).at, 0);
    await ana.message(textOf(904)).waitFor();
  });

  test('while the window and the composer change their size', async () => {
    const { ana, place } = await reader(150);
    await place.to(1800);
    await place.holds('a lower window', () => ana.page.setViewportSize({ width: 1100, height: 500 }));
    await place.holds('a narrower window', () => ana.page.setViewportSize({ width: 760, height: 500 }));
    await place.holds('a larger window', () => ana.page.setViewportSize({ width: 1300, height: 900 }));
    await place.holds('a taller composer', () => ana.composer.fill('a\nb\nc\nd\ne\nf\ng'));
    await place.holds('a small one', () => ana.composer.fill(''));
  });

  test('while something grows late, above it, in it and below it', async () => {
    const { ana, place } = await reader(120);
    await place.to(1500);
    for (const by of [-3, -1, 0, 1, 4]) {
      await place.holds(`a picture ${by} rows away`, () => ana.page.evaluate(async (by) => {
        const rows = window.list.rows();
        const at = rows.findIndex((row) => row.id === window.list.anchor().id);
        const picture = document.createElement('div');
        rows[at + by].querySelector('.bubble').append(picture);
        const frame = (height) => new Promise((resolve) => {
          requestAnimationFrame(() => {
            picture.style.height = height;
            resolve(window.list.painted());
          });
        });
        await frame('300px');
        await frame('333.4px');
      }, by));
    }
  });

  test('while 3,000 messages are scrolled through both ways, 300 in the document at most', async (t) => {
    const { ana, place } = await reader(3000, { live: true });
    const cdp = await ana.page.context().newCDPSession(ana.page);
    await cdp.send('Performance.enable');
    const spent = async () => {
      const { metrics } = await cdp.send('Performance.getMetrics');
      return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
    };
    const before = await spent();
    const passed = await ana.page.evaluate(async () => {
      const { scroller, rows, top, painted } = window.list;
      const result = { worst: 0, most: 0, slides: 0, frames: 0, empty: 0, ids: new Set() };
      let first = rows()[0].id;
      const pass = async (by, enough) => {
        for (let n = 0; n < 6000 && !enough(); n += 1) {
          const middle = rows().find((row) => top(row) > scroller.clientHeight / 2) ?? rows().at(-1);
          const [was, at] = [top(middle), scroller.scrollTop];
          const aim = Math.max(at + by, scroller.clientHeight - scroller.scrollHeight);
          scroller.scrollTop += by;
          await painted();
          // Nothing but the scroll moves a row.
          if (middle.isConnected) {
            const off = Math.abs(top(middle) - was + (scroller.scrollTop - at));
            const moved = Math.abs(scroller.scrollTop - aim);
            result.worst = Math.max(result.worst, off, scroller.scrollTop < 0 ? moved : 0);
          }
          const now = rows();
          result.most = Math.max(result.most, now.length);
          result.slides += now[0].id === first ? 0 : 1;
          first = now[0].id;
          result.frames += 1;
          const box = scroller.getBoundingClientRect();
          const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
          result.empty += hit?.closest('.day-rows') ? 0 : 1;
          for (const row of now) result.ids.add(row.id);
        }
      };
      const oldest = () => rows()[0].querySelector('.message-text').textContent.startsWith('1 ') && top(rows()[0]) > -100;
      await pass(-400, oldest);
      await pass(400, () => scroller.scrollTop >= 0);
      return { ...result, ids: result.ids.size };
    });
    const after = await spent();
    const script = 1000 * (after.ScriptDuration - before.ScriptDuration);
    const layout = 1000 * (after.LayoutDuration + after.RecalcStyleDuration - before.LayoutDuration - before.RecalcStyleDuration);
    t.diagnostic(`${passed.slides} slides in ${passed.frames} frames: ${(script / passed.slides).toFixed(2)} ms of script and ${(layout / passed.slides).toFixed(2)} ms of layout for each slide`);
    assert.equal(passed.ids, 3000, 'every message was there');
    assert.ok(passed.worst <= 1, `a row was off by ${passed.worst} px`);
    assert.ok(passed.most <= 300, `${passed.most} rows in the document`);
    assert.equal(passed.empty, 0, 'nothing but messages in sight');
    assert.equal((await place.scroll()).at, 0);
  });
});

describe('at the newest message', () => {
  test('it is followed, but for a person who is scrolling', async () => {
    const { ana, place } = await reader(100);
    await write(stage.gateway, 'cy', 3, 500);
    await ana.message(textOf(502)).waitFor();
    await place.still();
    assert.equal((await place.scroll()).at, 0);
    await ana.page.mouse.move(700, 400);
    await ana.page.mouse.wheel(0, -120);
    await until('the list has moved', async () => (await place.scroll()).at > 60);
    await place.released();
    // Near enough: the next message is scrolled to.
    await write(stage.gateway, 'dan', 1, 600);
    await ana.message(textOf(600)).waitFor();
    await place.still();
    assert.equal((await place.scroll()).at, 0);
    // Too far: it is not.
    await ana.page.mouse.wheel(0, -700);
    await until('the list has moved', async () => (await place.scroll()).at > 400);
    await place.holds('a message', async () => {
      await write(stage.gateway, 'eve', 1, 700);
      await ana.button('Jump to the latest (1 new)').waitFor();
    });
  });
});

describe('links, replies and what is unread', () => {
  /** How many unread messages the sidebar says there are in Everyone. */
  const unread = async (ana) => Number((await ana.conversation('Everyone').innerText()).match(/\d+(?= unread)/)?.[0] ?? 0);

  /** The conversation has opened at a message, with the line above it. */
  async function opensAt(ana, n) {
    const line = ana.page.getByRole('separator', { name: 'New messages' }).or(ana.page.locator('.new-line:visible'));
    await line.first().waitFor();
    const row = ana.message(textOf(n));
    const { top, height } = await row.evaluate((row) => {
      const list = document.querySelector('.timeline-scroll').getBoundingClientRect();
      return { top: row.getBoundingClientRect().top - list.top, height: list.height };
    });
    assert.ok(top >= 0 && top < height / 2, `${top} px of ${height}`);
    assert.ok(await row.locator('.new-line').isVisible());
  }

  test('a link leads to its message through older pages, again after a reload, and says so where there is none', async () => {
    const { ana, place } = await reader(300);
    const link = (id) => `${stage.gateway.url.replace(/#.*/, '')}#/c/lobby/${id}`;
    const isFound = async (id) => {
      const row = ana.page.locator(`#m-${id}`);
      await row.waitFor();
      await becomes(() => row.evaluate((row) => row === document.activeElement && row.hasAttribute('data-found')), true);
      const { height, bar } = await row.evaluate((row) => {
        const list = document.querySelector('.timeline-scroll').getBoundingClientRect();
        const box = row.getBoundingClientRect();
        return { height: list.height, bar: (box.top + box.bottom) / 2 - list.top };
      });
      assert.ok(Math.abs(bar - height / 2) < 3, `${bar} px of ${height}`);
    };
    await ana.page.evaluate((url) => { location.href = url; }, link('bo1n40'));
    await isFound('bo1n40');
    await ana.page.reload();
    await ana.settled();
    await ana.signIn({ user: 'ana' }).catch(() => {});
    await isFound('bo1n40');
    await ana.page.evaluate((url) => { location.href = url; }, link('nowhere'));
    await ana.page.locator('.notice').getByText('That message is not here').waitFor();
    assert.ok(place);
  });

  test('a reply leads to the original and back', async () => {
    const { ana, place } = await reader(200);
    const last = ana.message(textOf(200));
    await last.hover();
    await last.getByRole('button', { name: 'Reply' }).click();
    await ana.send('indeed');
    await write(stage.gateway, 'cy', 60, 900);
    await ana.message(textOf(959)).waitFor();
    await place.still();
    await ana.page.locator('.quote').click();
    await becomes(() => last.evaluate((row) => row === document.activeElement), true);
    await ana.button('Back to where you were').click();
    const reply = ana.page.locator('.message', { has: ana.page.locator('.quote') });
    await becomes(() => reply.evaluate((row) => row === document.activeElement), true);
  });

  test('a conversation opens at its first unread message, which has a line above it', async () => {
    const { ana } = await reader(30);
    await ana.start('bo');
    await write(stage.gateway, 'cy', 40, 900);
    await becomes(async () => (await ana.conversation('Everyone').innerText()).includes('40'), true);
    await ana.open('Everyone');
    await opensAt(ana, 900);
  });

  test('so it does however many are unread: out of storage after a reload', async () => {
    const { ana } = await reader(30);
    await ana.start('bo');
    await write(stage.gateway, 'cy', 150, 900);
    await becomes(() => unread(ana), 150);
    await ana.page.reload();
    await ana.isUp();
    await becomes(() => unread(ana), 150);
    await ana.open('Everyone');
    await opensAt(ana, 900);
    await ana.open('bo');
    await until('what was in sight is read, and no more', async () => (await unread(ana)) > 100 && (await unread(ana)) < 150);
  });

  test('and from the server after a long absence', async () => {
    const { ana } = await reader(30);
    await ana.start('bo');
    const context = ana.page.context();
    await ana.page.close();
    await write(stage.gateway, 'cy', 620, 900);
    const again = await stage.tab(context);
    await again.signIn({ user: 'ana' });
    await opensAt(again, 900);
    await again.start('bo');
    await until('what was in sight is read, and no more', async () => (await unread(again)) > 500 && (await unread(again)) < 620);
  });

  test('a person who scrolls meanwhile stays where they are', async () => {
    const { ana } = await reader(30);
    const context = ana.page.context();
    await ana.page.close();
    await write(stage.gateway, 'cy', 620, 900);
    // The page below the newest one comes when the test lets it.
    let letIt;
    const again = await stage.tab(context, (page) => page.routeWebSocket(/userId=ana/, (socket) => {
      socket.connectToServer().onMessage((frame) => {
        const { event, covered } = JSON.parse(frame);
        if (event === 'page' && covered === 600) letIt = () => socket.send(frame);
        else socket.send(frame);
      });
    }));
    await again.signIn({ user: 'ana' });
    await again.message(textOf(1519)).waitFor();
    await until('the page before it was asked for', () => letIt);
    const place = await Place.of(again);
    await again.page.mouse.move(700, 400);
    await again.page.mouse.wheel(0, -600);
    await until('the list has moved', async () => (await place.scroll()).at > 300);
    const before = (await place.scroll()).of;
    await place.holds('the page', async () => {
      letIt();
      await until('it is there', async () => (await place.scroll()).of > before);
    });
    assert.equal(await again.page.locator('.new-line:visible').count(), 0);
  });
});

describe('with the keyboard', () => {
  test('↑ in an empty composer edits the last own message, wherever one has scrolled to', async () => {
    const { ana } = await reader(300);
    await ana.send('mine');
    await until('the message is out of the document', async () => {
      await ana.page.evaluate(() => {
        const { scroller } = window.list;
        scroller.scrollTop = -(scroller.scrollHeight - scroller.clientHeight);
      });
      return (await ana.message('mine').count()) === 0;
    });
    await ana.composer.press('ArrowUp');
    await becomes(() => ana.composer.inputValue(), 'mine');
    await ana.message('mine').waitFor();
  });

  test('rows are walked, acted on and left', async () => {
    const { ana, place } = await reader(200);
    const { page } = ana;
    const focused = () => page.evaluate(() => document.activeElement.id);
    await page.locator('.message').last().focus();
    await page.keyboard.press('ArrowUp');
    assert.equal(await focused(), 'm-bo1n198');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowDown');
    assert.equal(await focused(), 'm-bo1n198');
    await page.keyboard.press('PageUp');
    assert.notEqual(await focused(), 'm-bo1n198');
    assert.equal(await page.locator('.message[tabindex="0"]').count(), 1);
    await page.keyboard.press('End');
    await becomes(focused, 'm-bo1n199');
    await page.keyboard.press('Enter');
    const menu = page.getByRole('menu', { name: 'Message actions' });
    await menu.waitFor();
    await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'hidden' });
    assert.equal(await focused(), 'm-bo1n199');
    await page.keyboard.press('r');
    await becomes(focused, 'message');
    await page.keyboard.press('Escape');
    await page.locator('.message').last().focus();
    await page.keyboard.press('Escape');
    assert.equal(await focused(), 'message');
    assert.ok(place);
  });

  test('the focus goes to a message in sight when its own leaves the document', async () => {
    const { ana, place } = await reader(600, { live: true });
    await ana.page.locator('.message').last().focus();
    // Beyond the 120 to 150 rows that stand there at the newest one, however they came; it leaves
    // once the rows about those in sight are painted.
    await place.to(10_500);
    await ana.page.waitForFunction(() => !document.getElementById('m-bo1n599'));
    const id = await ana.page.evaluate(() => document.activeElement.id);
    assert.match(id, /^m-/);
    const top = await place.where(id);
    assert.ok(top > -400 && top < 760, `${id} at ${top}`);
  });
});

describe('what one can do with a message', () => {
  test('react, edit with its history shown, delete', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start('bo');
    await ana.send('first words');
    await bo.open('ana');
    const theirs = bo.page.locator('.message').last();
    await theirs.hover();
    await theirs.getByRole('button', { name: 'More actions' }).click();
    await bo.page.getByRole('menuitem', { name: 'React with 👍' }).click();
    const mine = ana.page.locator('.message').last();
    await mine.getByRole('button', { name: '👍 1' }).waitFor();
    assert.equal(await mine.locator('.reaction[aria-pressed]').getAttribute('aria-pressed'), 'false');
    await mine.locator('.reaction[aria-pressed]').click();
    await theirs.getByRole('button', { name: '👍 2' }).waitFor();
    assert.match(await theirs.locator('.reaction[aria-pressed]').getAttribute('title'), /You.*ana|ana.*You/);
    await theirs.locator('.reaction[aria-pressed]').click();
    await mine.getByRole('button', { name: '👍 1' }).waitFor();

    await mine.focus();
    await ana.page.keyboard.press('e');
    await becomes(() => ana.composer.inputValue(), 'first words');
    await ana.composer.fill('second words');
    await ana.composer.press('Enter');
    await bo.message('second words').waitFor();
    await theirs.getByRole('button', { name: 'edited' }).click();
    const details = bo.page.getByRole('dialog', { name: 'Message details' });
    await details.getByText('first words').waitFor();
    await details.getByText('second words').waitFor();
    await bo.page.keyboard.press('Escape');

    await mine.focus();
    await ana.page.keyboard.press('Delete');
    const question = ana.page.getByRole('dialog', { name: 'Delete this message?' });
    await question.getByRole('button', { name: 'Delete' }).click();
    await bo.page.getByText('This message was deleted.').waitFor();
    await becomes(() => ana.page.evaluate(() => document.activeElement.className.includes('message')), true);
  });

  test('its text is copied by a key and by the menu, and its address, which leads to it', async () => {
    const ana = await stage.person('ana', { permissions: ['clipboard-read', 'clipboard-write'] });
    const { page } = ana;
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    const row = (text) => page.locator('.message', { hasText: text });
    const choose = async (text, name) => {
      await row(text).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('menuitem', { name, exact: true }).click();
    };
    await ana.start('bo');
    for (const text of ['**one**', 'two']) {
      await ana.send(text);
      await ana.hasState('Sent');
    }
    await row('two').focus();
    await page.keyboard.press('c');
    await becomes(copied, 'two');
    await choose('one', 'Copy text');
    await becomes(copied, '**one**');
    await choose('one', 'Copy link');
    await becomes(async () => (await copied()).split('#')[0], stage.gateway.url);
    const link = await copied();
    await ana.open('Everyone');
    await page.goto(link);
    await becomes(() => row('one').evaluate((row) => row === document.activeElement), true);
  });

  test('who has got and read it is told, by its menu and by a press on how far it got', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start('bo', 'cy');
    await ana.send('to both');
    await bo.open('ana, cy');
    await ana.hasState('Read by 1 of 2');
    await ana.page.locator('.message').last().focus();
    await ana.page.keyboard.press('Enter');
    await ana.page.getByRole('menuitem', { name: 'Details' }).click();
    const people = ana.page.getByRole('dialog', { name: 'Message details' }).getByRole('listitem');
    await becomes(() => people.allInnerTexts().then((all) => all.map((text) => text.replace(/\s+/g, ' ').trim())), [
      'B bo online Read', 'C cy not online Not connected; gets it on coming back',
    ]);
    await ana.page.keyboard.press('Escape');
    await becomes(() => people.count(), 0);
    await ana.page.locator('.message .mark-state').last().click();
    await becomes(() => people.count(), 2);
  });
});

describe('what moves by itself', () => {
  test('moves where the system allows it, and nowhere else', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    const { page } = ana;
    const moving = () => page.evaluate(() => document.getAnimations()
      .some(({ effect }) => effect.getComputedTiming().iterations === Infinity));
    await ana.start('bo');
    await bo.start('ana');
    await bo.composer.pressSequentially('a word');
    await page.locator('.typing[data-on=yes]').waitFor();
    assert.equal(await moving(), true);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    assert.equal(await moving(), false);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    assert.equal(await moving(), true);
  });
});

describe('with a finger', () => {
  const LONG = 500;

  /**
   * To be run in the page after Playwright's clock: its timers have numbers beyond those a `setTimeout` of
   * a browser gives, and beyond what wasm can hold. None could be cleared.
   */
  function smallNumbers() {
    const { setTimeout: set, clearTimeout: clear } = window;
    const timers = [];
    window.setTimeout = (...words) => timers.push(set(...words));
    window.clearTimeout = (number) => clear(timers[number - 1]);
  }

  /** ana's phone, whose clock stands, with one message; `finger` says what a finger does there, `pressLong` that it asks for the menu. */
  async function phone() {
    const ana = await stage.person('ana', {
      viewport: { width: 390, height: 760 }, isMobile: true, hasTouch: true,
      prepare: async (page) => {
        await page.clock.install();
        await page.addInitScript(smallNumbers);
      },
    });
    await ana.send('press me');
    await ana.hasState('Sent');
    const { page } = ana;
    const browser = await page.context().newCDPSession(page);
    const { x, y, width, height } = await ana.message('press me').locator('.bubble').boundingBox();
    const at = { x: x + width / 2, y: y + height / 2 };
    const finger = (type, down = 0) => browser.send('Input.dispatchTouchEvent', {
      type, touchPoints: type === 'touchEnd' ? [] : [{ x: at.x, y: at.y + down }],
    });
    await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1_000));
    const menu = page.getByRole('menu', { name: 'Message actions' });
    const pressLong = async () => {
      await finger('touchStart');
      await page.clock.runFor(LONG);
      // Its part of the app may have to be fetched first.
      await menu.waitFor();
      await finger('touchEnd');
      // The browser closes it, and in the next frame it is there again.
      await page.clock.runFor(50);
    };
    return { page, finger, pressLong, menu };
  }

  test('a long press opens the menu of a message, and letting go leaves it open', async () => {
    const { page, pressLong, menu } = await phone();
    await pressLong();
    assert.ok(await menu.isVisible());
    await menu.getByRole('menuitem', { name: 'Edit' }).tap();
    await page.getByText('Editing your message').waitFor();
  });

  test('a tap and a swipe open none', async () => {
    const { page, finger, pressLong, menu } = await phone();
    await pressLong();
    await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'hidden' });
    // From here on nothing has to be fetched, and a menu that opened would be told of.
    await page.evaluate(() => {
      window.opened = 0;
      document.addEventListener('beforetoggle', ({ newState }) => { window.opened += Number(newState === 'open'); }, true);
    });
    const opened = () => page.evaluate(() => window.opened);
    await finger('touchStart');
    await page.clock.runFor(LONG - 1);
    await finger('touchEnd');
    await page.clock.runFor(LONG);
    assert.equal(await opened(), 0, 'a tap');
    await finger('touchStart');
    await finger('touchMove', 60);
    await page.clock.runFor(LONG);
    await finger('touchEnd');
    await page.clock.runFor(LONG);
    assert.equal(await opened(), 0, 'a swipe');
    await finger('touchStart');
    await page.clock.runFor(LONG);
    assert.equal(await opened(), 1, 'a long press');
    await finger('touchEnd');
  });
});
