// Takes the pictures of every screen in every look, and holds them against the reference pictures.

import { mkdir, readFile, readdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { inRepository } from '../support/paths.mjs';
import { STRAY, darkroom } from './compare.mjs';
import { ACTS } from './screens.mjs';
import { LOOKS, USUAL, open, stage } from './stage.mjs';

const REFERENCE = inRepository('e2e/look/reference');
const RESULTS = inRepository('e2e/results/look');

/**
 * Every screen, or those of one look or act: calls `seen(name, png)` for each as it is taken.
 * `development` is whether the page has what only development builds have; `folder` is where it lies, if not
 * where the tests' app does. Resolves to what went wrong.
 */
export async function takePictures(seen, { look: onlyLook, act: onlyAct, development = false, folder } = {}) {
  const browser = await open();
  const broken = [];
  try {
    for (const [look, options] of Object.entries(LOOKS)) {
      if (onlyLook && !look.includes(onlyLook)) continue;
      for (const [name, act] of Object.entries(ACTS)) {
        if ((onlyAct && name !== onlyAct) || (name === 'gallery' && !development)) continue;
        if (!(act.looks ?? USUAL).includes(look)) continue;
        const set = await stage(browser, { ...options, folder });
        if (act.settings) await set.choose(act.settings);
        const shot = async (screen) => seen(`${screen}-${look}`, await set.picture(), browser);
        try {
          await act.play({ ...set, shot });
        } catch (error) {
          await mkdir(RESULTS, { recursive: true });
          await writeFile(join(RESULTS, `broken-${name}-${look}.png`), await set.picture());
          broken.push(`${name}, ${look}: ${error.message}`);
        }
        await set.close();
      }
    }
  } finally {
    await browser.close();
  }
  return broken;
}

/** The reference picture of a screen, if there is one. */
export const reference = (name) => readFile(join(REFERENCE, `${name}.webp`)).catch(() => null);

/**
 * Takes all pictures and compares them. With `update`, what differs becomes the reference. Resolves to
 * a list of what differs, in words.
 */
export async function review({ update = false, ...which } = {}) {
  await mkdir(RESULTS, { recursive: true });
  await mkdir(REFERENCE, { recursive: true });
  const findings = [];
  const taken = new Set();
  let room;
  const broken = await takePictures(async (name, png, browser) => {
    room ??= await darkroom(browser);
    taken.add(`${name}.webp`);
    await writeFile(join(RESULTS, `${name}.png`), png);
    const before = await reference(name);
    const { count, picture } = before ? await room.compare(before, png) : { count: Infinity };
    if (count <= STRAY) return;
    findings.push(before ? `${name}: ${count} pixels differ` : `${name}: there is no reference picture`);
    if (update) {
      await writeFile(join(REFERENCE, `${name}.webp`), await room.webp(png));
    } else if (picture) {
      await writeFile(join(RESULTS, `${name}-difference.png`), picture);
    }
  }, which);
  findings.push(...broken);
  if (!which.look && !which.act && which.development && broken.length === 0) {
    for (const file of (await readdir(REFERENCE)).filter((file) => !taken.has(file))) {
      findings.push(`${file}: no screen is called that any more`);
      if (update) await unlink(join(REFERENCE, file));
    }
  }
  return findings;
}
