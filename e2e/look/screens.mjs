// The screens that are looked at. An act is one visit: it does something, then says `shot(name)`.
// To add a screen, add such a line where the page stands as it should. `settings` are what the person
// has set. The act `gallery` is played on development builds only.

import { GROUP, GROUP_NAME, LOGS, PEOPLE, WITH_TOMAS } from './story.mjs';

const { AYA, MAYA, TOMAS } = PEOPLE;
const LENGTH = LOGS[GROUP].length;

export const ACTS = {
  connect: {
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
    async play({ signIn, chat, page, pass, appears, server, shot }) {
      await signIn();
      server.says(TOMAS, WITH_TOMAS, 'Or shall I?');
      await pass(100);
      await chat.showList();
      await shot('list');
      await page.keyboard.press('Control+k');
      await appears(page.locator('.palette'));
      await page.keyboard.type('m');
      await pass(100);
      await shot('palette');
      await page.keyboard.press('Escape');
      await pass(50);
      await page.locator('.sidebar-foot .button[aria-label]').first().click();
      await appears(page.locator('.settings'));
      await shot('settings');
      await page.keyboard.press('Escape');
      await pass(50);
      await chat.open(GROUP_NAME);
      await pass(200);
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
      await pass(100);
      await chat.inspector.getByRole('button', { name: /delivery/ }).first().click();
      await pass(50);
      await shot('inspector');
    },
  },

  messages: {
    async play({ signIn, chat, page, pass, appears, shot }) {
      await signIn();
      await chat.open(GROUP_NAME);
      await pass(200);
      const own = page.locator('.message.mine').last();
      await own.focus();
      await pass(50);
      await page.keyboard.press('ContextMenu');
      await appears(page.locator('.menu:popover-open'));
      await pass(50);
      await shot('message-menu');
      await page.locator('.menu:popover-open [data-act=reply]').click();
      await pass(100);
      await shot('reply');
      await page.keyboard.press('Escape');
      await pass(100);
      await page.locator('#message').press('ArrowUp');
      await pass(100);
      await shot('edit');
      await page.keyboard.press('Escape');
      await pass(100);
      await own.focus();
      await page.keyboard.press('ContextMenu');
      await pass(50);
      await page.locator('.menu:popover-open [data-act=details]').click();
      await appears(page.locator('.message-facts'));
      await pass(100);
      await shot('details');
      await page.keyboard.press('Escape');
      await pass(100);
      await own.focus();
      await page.keyboard.press('ContextMenu');
      await pass(50);
      await page.locator('.menu:popover-open [data-act=pick]').click();
      await appears(page.locator('.emoji-grid button'));
      await pass(200);
      await shot('emoji');
    },
  },

  arabic: {
    settings: { language: 'ar' },
    async play({ load, signIn, chat, page, pass, shot }) {
      await load();
      await shot('arabic-connect');
      await signIn();
      if (await page.locator('.back').isVisible()) await page.locator('.back').click();
      await pass(100);
      await page.locator('.row', { hasText: AYA }).first().click();
      await pass(200);
      await shot('arabic-chat');
    },
  },

  compact: {
    settings: { density: 'compact', text_size: 'small' },
    async play({ signIn, chat, pass, shot }) {
      await signIn();
      await chat.open(GROUP_NAME);
      await pass(200);
      await shot('compact');
    },
  },

  failing: {
    async play({ signIn, chat, say, pass, server, shot }) {
      await signIn();
      await chat.open(TOMAS);
      await pass(100);
      server.answer = 'forbidden';
      await say('Approved. Merging now.');
      await shot('failed');
      server.answer = 'ack';
      await server.leave();
      await pass(6_000);
      await say('Did the power go?');
      await shot('offline');
    },
  },

  writing: {
    async play({ signIn, chat, page, pass, shot }) {
      await signIn();
      await chat.showList();
      await page.getByRole('button', { name: 'New message', exact: true }).first().click();
      await page.getByRole('dialog').locator('#ids').waitFor();
      await pass(50);
      await shot('new-message');
    },
  },

  gallery: {
    async play({ load, page, pass, shot }) {
      await load('#/gallery');
      await pass(200);
      await page.setViewportSize({ width: page.viewportSize().width, height: await page.locator('.gallery > main').evaluate((main) => main.scrollHeight) });
      await pass(100);
      await shot('gallery');
    },
  },
};
