// The app in one tab, as a person uses it: found by role and label, read as it is shown.

import assert from 'node:assert/strict';

import { becomes, until } from './until.mjs';

/** What Chromium itself writes when a socket cannot connect or is cut off. */
export const SOCKET_FAILED = /^WebSocket connection to '[^']+' failed/;

const NO_SERVICE_WORKER = () => {
  if (navigator.serviceWorker) navigator.serviceWorker.register = () => new Promise(() => {});
};

/** What `state` says of delivery, where `wanted` does: who looks at a conversation has read it. */
export function delivered(state, wanted = 'Delivered') {
  const reads = { Delivered: /^Read$/, 'Delivered to 1 of 2': /^Read by 1 of 2$/, 'Delivered to all 2': /^Read by (1 of|all) 2$/ };
  return reads[wanted]?.test(state) ? wanted : state;
}

export class ChatPage {
  #problems = [];
  #allowed = [];

  /**
   * A tab of `context` that shows the app at `url`; its console is watched from the start.
   * `prepare` is given the page, and this, before anything is loaded. No service worker is registered unless
   * `keeps`: a page that is served without its server would prove little about it.
   */
  static async open(context, url, prepare = () => {}, { keeps = false } = {}) {
    const chat = new ChatPage(await context.newPage());
    if (!keeps) await chat.page.addInitScript(NO_SERVICE_WORKER);
    await prepare(chat.page, chat);
    await chat.page.goto(url);
    await chat.settled();
    return chat;
  }

  constructor(page) {
    this.page = page;
    page.setDefaultTimeout(10_000);
    const problem = (text) => {
      if (!this.#allowed.some((pattern) => pattern.test(text))) this.#problems.push(text);
    };
    page.on('console', (message) => {
      if (['error', 'warning', 'assert'].includes(message.type())) problem(message.text());
    });
    page.on('pageerror', (error) => problem(`uncaught: ${error.message}`));
    page.on('crash', () => problem('the page crashed'));
    page.on('dialog', (dialog) => {
      problem(`a dialog opened: ${dialog.message()}`);
      return dialog.dismiss();
    });
  }

  /** From now on the console may say this. */
  allows(pattern) {
    this.#allowed.push(pattern);
  }

  /** Nothing was written to the console and nothing was thrown. */
  isClean() {
    assert.deepEqual(this.#problems, [], 'the console is clean');
  }

  /**
   * The app has taken the place of the shell, in whatever language: the form with the site's
   * defaults, or the chat.
   */
  async settled() {
    const form = this.page.locator('.connect button[type=submit]');
    const chat = this.page.locator('.chat');
    await form.or(chat).waitFor();
    if (await form.isVisible()) await becomes(async () => (await this.page.locator('#url').inputValue()) !== '', true);
  }

  // The connect form.

  field(label) {
    return this.page.getByLabel(label, { exact: true });
  }

  async connect({ user, url, profile, query } = {}) {
    if (profile !== undefined) await this.field('Kind of system').selectOption(profile);
    if (user !== undefined) await this.page.locator('#user').fill(user);
    if (url !== undefined) await this.field('WebSocket URL').fill(url);
    if (query !== undefined) {
      await this.page.getByText('Advanced', { exact: true }).click();
      await this.field('Further query parameters').fill(query);
    }
    await this.button('Connect').click();
  }

  /** Connects and waits for `OPEN Connected`. */
  async signIn(form) {
    await this.connect(form);
    await this.isUp();
  }

  // The connection.

  /** What the status chip says: the socket's state and the phase. */
  async chip() {
    return (await this.page.locator('details.status summary').innerText()).replace(/\s+/g, ' ').trim();
  }

  /** The same as it is: for two seconds the chip mentions no interruption, and its details do. */
  async status() {
    const [chip, truth] = await this.page.locator('details.status').evaluate((status) =>
      [status.querySelector('summary').innerText, status.querySelector('dd').textContent]
        .map((text) => text.replace(/[\u2066-\u2069]/g, '').replace(/\s+/g, ' ').trim()));
    if (!/OPEN Connected$/.test(chip) || truth.startsWith('OPEN – Connected.')) return chip;
    const [, state, sentence] = truth.match(/^(\w+) – ([^.]*)/);
    return `Connection ${state} ${sentence}`;
  }

  async isUp() {
    await until('the page is connected', async () => /OPEN Connected$/.test(await this.status()));
  }

  async isDown() {
    await until('the page is disconnected', async () => /CLOSED Disconnected$/.test(await this.status()));
  }

  get banner() {
    return this.page.getByRole('region', { name: 'Connection' });
  }

  // Conversations.

  button(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  get sidebar() {
    return this.page.getByRole('navigation', { name: 'Conversations and people' });
  }

  /** The conversations of the sidebar, top first. */
  conversations() {
    return this.page.locator('ul[aria-labelledby=conversations] .row-name').allInnerTexts();
  }

  /** The people online, as the sidebar shows them. */
  async online() {
    return (await this.page.locator('ul[aria-labelledby=people] .row:not(.offline) .row-name').allInnerTexts()).sort();
  }

  conversation(name) {
    return this.page.locator('ul[aria-labelledby=conversations] button.row', {
      has: this.page.locator('.row-name').getByText(name, { exact: true }),
    });
  }

  /** On a phone one pane shows at a time. */
  async showList() {
    const back = this.button('Back to the conversations');
    if (await back.isVisible()) await back.click();
  }

  async open(name) {
    await this.showList();
    await this.conversation(name).click();
    await this.page.getByRole('heading', { level: 2, name, exact: true }).waitFor();
  }

  /** Chooses from the menu of a conversation. */
  async choose(name, act) {
    await this.conversation(name).focus();
    await this.page.keyboard.press('Shift+F10');
    await this.page.getByRole('menuitem', { name: act, exact: true }).click();
  }

  /** Chooses recipients by typing their ids; without any, everyone. */
  async start(...ids) {
    await this.showList();
    await this.page.getByRole('button', { name: 'New message', exact: true }).first().click();
    const dialog = this.page.getByRole('dialog');
    if (ids.length === 0) {
      await dialog.getByRole('button', { name: 'Everyone' }).click();
    } else {
      await dialog.locator('#ids').fill(ids.join(', '));
      await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    }
    await dialog.waitFor({ state: 'hidden' });
  }

  /** Opens the settings. */
  async settings() {
    await this.button('Settings').click();
    const dialog = this.page.getByRole('dialog', { name: 'Settings' });
    await dialog.waitFor();
    return dialog;
  }

  /** Turns switches of the settings on or off, each by its name. */
  async turn(switches) {
    const dialog = await this.settings();
    for (const [name, on] of Object.entries(switches)) await dialog.getByRole('switch', { name }).setChecked(on);
    await this.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  }

  get composer() {
    return this.page.getByRole('textbox', { name: 'Message', exact: true });
  }

  /** Writes and sends, where Enter breaks the line by the button; done when the composer has cleared. */
  async send(text) {
    await this.composer.fill(text);
    const fingers = await this.page.evaluate(() => matchMedia('(pointer: coarse)').matches && !matchMedia('(any-pointer: fine)').matches);
    if (fingers) await this.page.locator('.composer .send').click();
    else await this.composer.press('Enter');
    await becomes(() => this.composer.inputValue(), '');
  }

  /** Every message of the open conversation, top first: who, what, and an own one's state. */
  timeline() {
    return this.page.locator('.messages li.message').evaluateAll((rows) => rows.map((row) => {
      const state = row.querySelector('.mark-text');
      return {
        from: row.querySelector('.message-name').textContent,
        text: row.querySelector('.message-text').textContent,
        ...(state && { state: state.textContent }),
      };
    }));
  }

  /** Every message as `who: what`. */
  async lines() {
    return (await this.timeline()).map(({ from, text }) => `${from}: ${text}`);
  }

  /** The open conversation shows exactly these lines, in this order. */
  shows(...lines) {
    return becomes(() => this.lines(), lines);
  }

  /** The state of the newest own message. */
  async state() {
    return (await this.timeline()).findLast(({ state }) => state !== undefined)?.state;
  }

  /** The newest own message got this far. Delivered it is, too, when it has been read already. */
  hasState(state) {
    return becomes(async () => delivered(await this.state(), state), state);
  }

  message(text) {
    return this.page.locator('li.message', { has: this.page.getByText(text, { exact: true }) });
  }

  // The frame inspector.

  get inspector() {
    return this.page.getByRole('complementary', { name: 'Frames' });
  }

  /** The names of the frames shown, newest first, with their directions. */
  frames() {
    return this.page.locator('ul.frames > li button').evaluateAll((rows) => rows.map((row) => {
      const direction = row.classList.contains('sent') ? 'sent' : 'received';
      return `${direction} ${row.querySelector('.frame-name').textContent}`;
    }));
  }
}
