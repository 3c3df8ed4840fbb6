// Pictures of the main screens, light and dark, desktop and phone, into e2e/results/; and the
// README's docs/screenshot.png. Not a test: run it, then look.
//
//   SWITCHBOARD_GATEWAY=… SWITCHBOARD_DIST=… node e2e/screenshots.mjs

import { mkdir, stat } from 'node:fs/promises';

import { ChatPage } from './support/chat-page.mjs';
import { Gateway } from './support/gateway.mjs';
import { inRepository } from './support/paths.mjs';
import { launch } from './support/scene.mjs';
import { becomes } from './support/until.mjs';

const looks = {
  'desktop-light': { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  'desktop-dark': { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  'phone-light': { viewport: { width: 390, height: 844 }, colorScheme: 'light', isMobile: true, hasTouch: true },
  'phone-dark': { viewport: { width: 390, height: 844 }, colorScheme: 'dark', isMobile: true, hasTouch: true },
};

const [INES, TOMAS, MAYA] = ['Ines', 'Tomás', 'Maya'];
const TALK = [
  [TOMAS, 'Morning! The new stage is up: wss://…/staging. Can somebody try it from outside?'],
  [INES, 'On it. Connecting from my phone on mobile data.'],
  [INES, 'Works. 41 ms to the first welcome, and it survived the lift.'],
  [MAYA, 'Same here, from the train. It dropped twice in the tunnel and caught up by itself.'],
  [TOMAS, 'Then let’s switch the demo over at two.\nI’ll put the old URL into config.json as a fallback.'],
  [INES, 'Could we keep S5 on the second screen for the workshop? wscat on one side, the page on the other.'],
  [MAYA, 'Yes, I’ll bring the adapter. And cake.'],
  [TOMAS, 'Best infrastructure announcement of the week.'],
];

const results = inRepository('e2e/results');
await mkdir(results, { recursive: true });
await mkdir(inRepository('docs'), { recursive: true });
const browser = await launch();

async function visitor(gateway, options) {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Zurich', reducedMotion: 'reduce', ...options });
  return ChatPage.open(context, gateway.url);
}

async function person(gateway, user, options) {
  const chat = await visitor(gateway, options);
  await chat.signIn({ user });
  return chat;
}

/** Three people talk, and one of them is looked at over the shoulder. */
async function draw(look, options) {
  const gateway = await Gateway.start();
  const shoot = (chat, screen) => chat.page.screenshot({ path: `${results}/${look}-${screen}.png` });
  try {
    const form = await visitor(gateway, options);
    await shoot(form, 'connect');
    await form.connect({ user: '', url: 'chat.example/dev' });
    await shoot(form, 'connect-errors');

    const tomas = await person(gateway, TOMAS);
    const maya = await person(gateway, MAYA);
    const ines = await person(gateway, INES, options);
    const people = { [TOMAS]: tomas, [MAYA]: maya, [INES]: ines };
    await maya.start();
    await maya.send('Welcome to the demo server. Be kind, and mind the 32 KB.');
    await tomas.start(INES);
    await tomas.send('Did you see the trace I sent yesterday?');
    await tomas.start(INES, MAYA);
    await maya.start(INES, TOMAS);
    await ines.start(TOMAS, MAYA);
    let count = 0;
    for (const [who, text] of TALK) {
      await people[who].send(text);
      count += 1;
      await becomes(async () => (await ines.lines()).length, count);
    }
    await ines.hasState('Delivered to all 2');
    await shoot(ines, 'chat');
    if (look === 'desktop-light') {
      const path = inRepository('docs/screenshot.png');
      await ines.page.screenshot({ path });
      console.log(`docs/screenshot.png: ${Math.ceil((await stat(path)).size / 1024)} KB`);
    }
    await ines.showList();
    await shoot(ines, 'list');
    await ines.page.getByRole('button', { name: 'New message', exact: true }).first().click();
    await ines.page.getByRole('dialog').getByRole('checkbox', { name: MAYA }).check();
    await shoot(ines, 'new-message');
    await ines.page.keyboard.press('Escape');
    await ines.open(`${MAYA}, ${TOMAS}`);
    await ines.page.keyboard.press('F8');
    await ines.inspector.getByRole('button', { name: /delivery/ }).first().click();
    await shoot(ines, 'inspector');
    await ines.page.keyboard.press('F8');
    await gateway.kill();
    await ines.isDown();
    await ines.send('Did the power go?');
    await ines.hasState('Waiting to be sent');
    await shoot(ines, 'disconnected');
  } finally {
    for (const context of browser.contexts()) await context.close();
    await gateway.discard();
  }
}

try {
  for (const [look, options] of Object.entries(looks)) await draw(look, options);
} finally {
  await browser.close();
}
console.log(`pictures in ${results}`);
