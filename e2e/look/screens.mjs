// The screens that are looked at. An act is one visit: it does something, then says `shot(name)`.
// To add a screen, add such a line where the page stands as it should. `options` are those of a
// Playwright context. The act `gallery` is played on development builds only.

import { GROUP, GROUP_NAME, PEOPLE, WITH_TOMAS } from './story.mjs';

const { MAYA, TOMAS } = PEOPLE;

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
    async play({ signIn, chat, page, pass, server, shot }) {
      await signIn();
      server.says(TOMAS, WITH_TOMAS, 'Or shall I?');
      await pass(50);
      await chat.showList();
      await shot('list');
      await chat.open(GROUP_NAME);
      await pass(100);
      server.push({ event: 'delivery', conv: GROUP, seq: 13, to: [MAYA, TOMAS] });
      await pass(100);
      await shot('chat');
      await page.locator('details.status > summary').click().catch(() => {});
      await page.keyboard.press('F8');
      await pass(50);
      await chat.inspector.getByRole('button', { name: /delivery/ }).first().click();
      await shot('inspector');
    },
  },

  failing: {
    async play({ signIn, chat, pass, server, shot }) {
      await signIn();
      await chat.open(TOMAS);
      await pass(100);
      server.answer = 'forbidden';
      await chat.send('Approved. Merging now.');
      await pass(100);
      await shot('failed');
      server.answer = 'ack';
      await server.leave();
      await pass(6_000);
      await chat.send('Did the power go?');
      await pass(100);
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
