// The screens there are, for pictures (./album.mjs) and for those who see none
// (../screens.test.mjs). An act is one visit: it does something, then says `shot(name)`. To add a screen,
// add such a line where the page stands as it should. Acts are played in every language, so nothing is
// found by its text.
//
//   settings   what the person has set
//   looks      in which of the stage's LOOKS pictures are taken; the USUAL ones by default
//   pictured   for pictures only; `gallery` of development builds only
//   alone      the page is good for no other act afterwards, or must be prepared before it is loaded
//   only       'connected' or 'offline': the other state knows no such screen

import { STATES, steady } from './states.mjs';
import { GROUP, LOGS, PEOPLE, WITH_AYA, WITH_TOMAS } from './story.mjs';
import { SYSTEMS } from './systems.mjs';

const { MAYA, TOMAS } = PEOPLE;
const LENGTH = LOGS[GROUP].length;

/** Has the browser paint these elements as if each were in this state (a pseudo-class), until what it resolves to is called. */
async function forced(page, selector, state) {
  const tools = await page.context().newCDPSession(page);
  for (const domain of ['DOM', 'CSS']) await tools.send(`${domain}.enable`);
  const { root } = await tools.send('DOM.getDocument');
  const { nodeIds } = await tools.send('DOM.querySelectorAll', { nodeId: root.nodeId, selector });
  for (const nodeId of nodeIds) await tools.send('CSS.forcePseudoState', { nodeId, forcedPseudoClasses: [state] });
  return () => tools.detach();
}

export const ACTS = {
  connect: {
    only: 'connected',
    async play({ load, page, shot }) {
      await load();
      await shot('connect');
      await page.locator('#user').fill('');
      await page.locator('#url').fill('chat.example/dev');
      await page.locator('form button[type=submit]').click();
      await page.locator('#url-error').waitFor();
      await shot('connect-errors');
    },
  },

  chat: {
    async play({ signIn, list, open, page, pass, appears, server, shot }) {
      await signIn();
      server.says(TOMAS, WITH_TOMAS, 'Or shall I?');
      await pass(100);
      await list();
      await shot('list');
      await page.locator('details.status summary').click();
      await pass(50);
      await shot('connection');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await appears(page.locator('.palette input:focus'));
      await page.keyboard.type('m');
      await pass(100);
      await shot('palette');
      await page.keyboard.press('Escape');
      await pass(50);
      await page.locator('.sidebar-foot .button[aria-label]').first().click();
      await appears(page.locator('.settings'));
      await shot('settings');
      // A pointer would rest on what the dialog covers.
      await page.locator('.settings .button.danger').press('Enter');
      await pass(50);
      await shot('erase');
      await page.keyboard.press('Escape');
      await pass(50);
      await page.locator('ul[aria-labelledby=conversations] .row').nth(1).focus();
      await page.keyboard.press('ContextMenu');
      await appears(page.locator('.menu:popover-open'));
      await pass(50);
      await shot('conversation-menu');
      await page.locator('.menu:popover-open [data-act=export]').click();
      await appears(page.locator('.export-choice'));
      await pass(50);
      await shot('export');
      await page.keyboard.press('Escape');
      await pass(50);
      await open(GROUP);
      server.push({ event: 'delivery', conv: GROUP, seq: LENGTH, to: [MAYA, TOMAS] });
      await pass(200);
      await shot('chat');
      await page.keyboard.press('Control+Shift+F');
      await appears(page.locator('.search'));
      await page.locator('.search [name=query]').fill('stage');
      await pass(1_000);
      await shot('search');
      // The first empties the field.
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await pass(50);
      await page.keyboard.press('F8');
      const frames = page.locator('ul.frames button');
      await appears(frames);
      await pass(100);
      const delivery = frames.filter({ hasText: 'delivery' });
      await ((await delivery.count()) ? delivery : frames).first().click();
      await pass(50);
      await shot('inspector');
      await page.keyboard.press('F8');
      await pass(50);
      await page.locator('.message').last().focus();
      await page.keyboard.press('?');
      await appears(page.locator('.shortcuts'));
      await pass(50);
      await shot('shortcuts');
      await page.keyboard.press('Escape');
      await pass(50);
      await page.keyboard.press('Control+f');
      await appears(page.locator('.find:not([hidden])'));
      await page.locator('.find [type=search]').fill('stage');
      await pass(500);
      await shot('find');
      await page.keyboard.press('Escape');
      await pass(50);
    },
  },

  messages: {
    async play({ signIn, open, page, pass, appears, shot }) {
      await signIn();
      await open(GROUP);
      const own = page.locator('.message.mine').last();
      const choose = async (act) => {
        await own.focus();
        await page.keyboard.press('ContextMenu');
        await appears(page.locator('.menu:popover-open'));
        await pass(50);
        await page.locator(`.menu:popover-open [data-act=${act}]`).click();
        await pass(100);
      };
      await own.focus();
      await pass(50);
      await page.keyboard.press('ContextMenu');
      await appears(page.locator('.menu:popover-open'));
      await pass(50);
      await shot('message-menu');
      await page.keyboard.press('Escape');
      await pass(50);
      await choose('reply');
      await shot('reply');
      await page.keyboard.press('Escape');
      await pass(100);
      await page.locator('#message').press('ArrowUp');
      await pass(100);
      await shot('edit');
      await page.keyboard.press('Escape');
      await pass(100);
      await page.locator('#message').pressSequentially('@');
      await appears(page.locator('.suggestions [role=option]'));
      await pass(50);
      await shot('suggestions');
      await page.locator('#message').fill('');
      await pass(100);
      await choose('details');
      await appears(page.locator('.message-facts'));
      await pass(100);
      await shot('details');
      await page.keyboard.press('Escape');
      await pass(100);
      await choose('delete');
      await appears(page.locator('dialog[open] .dialog-foot'));
      await pass(50);
      await shot('delete');
      await page.keyboard.press('Escape');
      await pass(100);
      await choose('pick');
      await appears(page.locator('.emoji-grid button'));
      await pass(200);
      await shot('emoji');
      await page.keyboard.press('Escape');
      await pass(100);
    },
  },

  arabic: {
    settings: { language: 'ar' },
    pictured: true,
    async play({ load, signIn, open, shot }) {
      await load();
      await shot('arabic-connect');
      await signIn();
      await open(WITH_AYA);
      await shot('arabic-chat');
    },
  },

  compact: {
    settings: { density: 'compact', text_size: 'small' },
    pictured: true,
    async play({ signIn, open, shot }) {
      await signIn();
      await open(GROUP);
      await shot('compact');
    },
  },

  // What the usual looks leave out: a window between a phone's and a desktop's, and more contrast.
  otherwise: {
    pictured: true,
    looks: ['tablet-light', 'desktop-contrast', 'phone-contrast'],
    async play({ signIn, open, page, pass, shot }) {
      await signIn();
      await open(GROUP);
      // Where the form had its button there is a message now.
      await page.mouse.move(0, 0);
      await pass(50);
      await shot('chat');
    },
  },

  writing: {
    async play({ signIn, list, page, pass, shot }) {
      await signIn();
      await list();
      await page.locator('.compose').click();
      await page.locator('dialog[open] #ids').waitFor();
      await pass(50);
      await shot('new-message');
      // The first closes the list of people.
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await pass(50);
    },
  },

  failing: {
    async play({ signIn, open, list, page, say, pass, appears, server, shot }) {
      await signIn();
      await open(WITH_TOMAS);
      server.answer = 'forbidden';
      await say('Approved. Merging now.');
      await shot('failed');
      server.answer = 'ack';
      await server.leave();
      await pass(6_000);
      await say('Did the power go?');
      await steady({ page, appears });
      await shot('offline');
      await list();
      await page.locator('.sidebar-foot .push').click();
      await appears(page.locator('dialog[open] .dialog-choices'));
      await pass(50);
      await steady({ page, appears });
      await shot('sign-out');
      await page.keyboard.press('Escape');
      await pass(50);
    },
  },

  ...STATES,
  ...SYSTEMS,

  gallery: {
    pictured: true,
    async play({ load, page, pass, shot }) {
      await load('#/gallery');
      await pass(200);
      const { width } = page.viewportSize();
      for (const part of await page.locator('[data-part]').evaluateAll((parts) => parts.map((it) => it.dataset.part))) {
        const height = await page.locator('.gallery > main').evaluate((main, part) => {
          for (const other of document.querySelectorAll('[data-part]')) other.hidden = other.dataset.part !== part;
          return main.scrollHeight;
        }, part);
        await page.setViewportSize({ width, height });
        await pass(100);
        await shot(`gallery-${part}`);
        if (part !== 'basics') continue;
        for (const state of ['hover', 'focus-visible']) {
          const leave = await forced(page, `[data-part=${part}] :is(button, input, select, textarea)`, state);
          await shot(`gallery-${part}-${state}`);
          await leave();
        }
      }
    },
  },
};
