// A first visit with a slow processor and a slow network: 4 × slower, 1.6 Mbit/s, 150 ms; from the
// click on a link to a form one can type into. Prints a table, or JSON with --json.
//
//   SWITCHBOARD_DIST=dist node e2e/bench/cold.mjs [--json]

import { dist } from '../support/paths.mjs';
import { launch } from '../support/scene.mjs';
import { hold } from './bars.mjs';
import { RenderingServer } from './rendering-server.mjs';

const RUNS = 5;
const BAR_MS = 2_500;

const server = await RenderingServer.start([['/', dist()]]);
const browser = await launch();
const runs = [];
try {
  for (let run = 0; run < RUNS; run += 1) {
    const context = await browser.newContext({ locale: 'en-GB', serviceWorkers: 'block' });
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    await cdp.send('Network.enable');
    await cdp.send('Network.emulateNetworkConditions', {
      offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8,
    });
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await page.goto(server.url, { waitUntil: 'commit' });
    await page.locator('#user').waitFor();
    runs.push(await page.evaluate(() => ({
      usable: performance.now(),
      painted: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null,
    })));
    await context.close();
  }
} finally {
  await browser.close();
  await server.stop();
}
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const result = { painted: median(runs.map((run) => run.painted)), usable: median(runs.map((run) => run.usable)), bar: BAR_MS };
if (process.argv.includes('--json')) {
  console.log(JSON.stringify(result));
} else {
  console.log('| first visit, throttled | first paint ms | usable ms | bar ms |');
  console.log('|---|---|---|---|');
  console.log(`| median of ${RUNS} | ${result.painted?.toFixed(0)} | ${result.usable.toFixed(0)} | ${BAR_MS} |`);
}
hold([['a first visit until it can be used, ms', result.usable, 'at most', BAR_MS]]);
