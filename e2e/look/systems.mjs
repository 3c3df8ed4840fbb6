// The screens of the five older systems, as far as they look different. As in ./screens.mjs.

import { PEOPLE } from './story.mjs';

const { MAYA, TOMAS } = PEOPLE;
const CONNECTION = 'BFaT_fALIAMCKug=';
const TEXT = 'The test stage is up again.';

/**
 * How each speaks: `says` is the frame of a text, from somebody where the system tells from whom. `others` are
 * those one writes to, where one has to name them. `isMute` where nobody can write.
 */
const WIRES = {
  s1: { others: [CONNECTION], says: (text) => text },
  s2: { others: [MAYA, TOMAS], says: (text, from) => JSON.stringify({ content: text, from }) },
  s3: { isMute: true, says: (text) => text },
  s4: { says: (text, from) => JSON.stringify({ message: from ? `${CONNECTION} says: ${text}` : text }) },
  s5: { says: (text) => text },
};

const act = (profile, { others, isMute, says }) => ({
  alone: true,
  async play({ signIn, open, list, page, pass, appears, say, server, shot }) {
    await signIn({
      profile,
      async before() {
        // But for a line of help all forms are this one or Switchboard's own.
        if (profile === 's1') await shot('s1-connect');
      },
      async first() {
        server.tell(says(TEXT, MAYA));
        server.tell(says('Who wrote this?'));
        await pass(100);
      },
    });
    await open('lobby');
    if (others || isMute) await shot(`${profile}-incoming`);
    if (isMute) return;
    if (others) {
      await list();
      await page.locator('.compose').click();
      await page.locator('dialog[open] #ids').waitFor();
      for (const id of others) {
        await page.locator('#ids').fill(id);
        await page.locator('#ids').press('Enter');
      }
      await pass(50);
      await shot(`${profile}-new-message`);
      await page.locator('dialog[open] button[type=submit]').click();
      await appears(page.locator('.composer:not([hidden])'));
    }
    await say('Thank you!');
    await shot(`${profile}-chat`);
  },
});

export const SYSTEMS = Object.fromEntries(Object.entries(WIRES).map(([profile, wire]) => [profile, act(profile, wire)]));
