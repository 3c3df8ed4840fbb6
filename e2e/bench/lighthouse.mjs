// Lighthouse over the demo: performance, accessibility and best practices. Prints a table, or JSON
// with --json.
//
//   SWITCHBOARD_DIST=dist node e2e/bench/lighthouse.mjs [--json]

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { chromium } from 'playwright-core';

import { chromiumBinary, dist } from '../support/paths.mjs';
import { QUIET } from '../support/scene.mjs';
import { hold } from './bars.mjs';
import { RenderingServer } from './rendering-server.mjs';

const BAR = 95;
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];
const PORT = 9_333;
/** One run's performance differs from the next one's by some points: the median of these. */
const RUNS = 5;

const kits = createRequire(join(import.meta.dirname, 'kits/package.json'));
const { default: lighthouse } = await import(pathToFileURL(kits.resolve('lighthouse')));
const server = await RenderingServer.start([['/', dist()]]);
const browser = await chromium.launch({ executablePath: chromiumBinary(), args: [...QUIET, `--remote-debugging-port=${PORT}`] });
const scores = {};
try {
  for (const form of ['mobile', 'desktop']) {
    const desktop = form === 'desktop' && (await import(pathToFileURL(kits.resolve('lighthouse/core/config/desktop-config.js')))).default;
    const runs = [];
    for (let run = 0; run < RUNS; run += 1) {
      const { lhr } = await lighthouse(`${server.url}/?demo`, { port: PORT, output: 'json', logLevel: 'error', onlyCategories: CATEGORIES }, desktop || undefined);
      runs.push(lhr);
    }
    const median = (name) => runs.map((lhr) => lhr.categories[name].score * 100).sort((a, b) => a - b)[Math.floor(RUNS / 2)];
    scores[form] = Object.fromEntries(CATEGORIES.map((name) => [name, Math.round(median(name))]));
    const poor = runs.flatMap((lhr) => Object.values(lhr.audits)).filter((audit) => audit.score !== null && audit.score < 0.9 && audit.scoreDisplayMode !== 'informative');
    scores[form].failed = [...new Set(poor.map((audit) => audit.id))];
  }
} finally {
  await browser.close();
  await server.stop();
}
if (process.argv.includes('--json')) {
  console.log(JSON.stringify(scores));
} else {
  console.log(`| Lighthouse, the demo (bar ${BAR}) | ${CATEGORIES.join(' | ')} |`);
  console.log('|---|---|---|---|');
  for (const [form, of] of Object.entries(scores)) console.log(`| ${form} | ${CATEGORIES.map((name) => of[name]).join(' | ')} |`);
}
for (const [form, of] of Object.entries(scores)) hold(CATEGORIES.map((name) => [`${name}, ${form}`, of[name], 'at least', BAR]));
