// Takes the pictures.
import { mkdir, writeFile } from 'node:fs/promises';

import { inRepository } from '../support/paths.mjs';
import { ACTS } from './screens.mjs';
import { LOOKS, open, stage } from './stage.mjs';

const [wantedLooks, wantedActs] = [process.argv[2], process.argv[3]];
const out = inRepository('e2e/results/look');
await mkdir(out, { recursive: true });
const browser = await open();
for (const [look, options] of Object.entries(LOOKS)) {
  if (wantedLooks && wantedLooks !== 'all' && !look.includes(wantedLooks)) continue;
  for (const [name, act] of Object.entries(ACTS)) {
    if (wantedActs && name !== wantedActs) continue;
    const set = await stage(browser, options);
    const shot = async (screen) => writeFile(`${out}/${look}-${screen}.png`, await set.picture());
    try {
      await act({ ...set, shot });
    } catch (error) {
      console.error(look, name, error.message);
      await shot(`${name}-broken`);
    }
    await set.close();
  }
}
await browser.close();
