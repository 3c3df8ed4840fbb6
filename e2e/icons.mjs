// Draws the icons of the manifest from the two drawings in assets/: `node e2e/icons.mjs`, whenever
// one of them changes. What it writes is committed.

import { copyFile, readFile, writeFile } from 'node:fs/promises';

import { inRepository } from './support/paths.mjs';
import { launch } from './support/scene.mjs';

const browser = await launch();
const page = await browser.newPage();
for (const [drawing, name] of [['favicon', 'icon'], ['icon-maskable', 'maskable']]) {
  const svg = await readFile(inRepository(`assets/${drawing}.svg`), 'utf8');
  for (const size of [192, 512]) {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(`<style>*{margin:0}svg{display:block;width:100vw;height:100vh}</style>${svg}`);
    const picture = await page.screenshot({ omitBackground: true });
    await writeFile(inRepository(`assets/icons/${name}-${size}.png`), picture);
  }
}
await browser.close();
await copyFile(inRepository('assets/favicon.svg'), inRepository('assets/icons/icon.svg'));
