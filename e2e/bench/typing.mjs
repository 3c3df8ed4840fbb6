// Typing while two hundred messages a second arrive: how late the page handles each key. Prints a
// table, or JSON with --json.
//
//   SWITCHBOARD_DIST=dist node e2e/bench/typing.mjs [--json]

import { dist } from '../support/paths.mjs';
import { launch } from '../support/scene.mjs';
import { hold } from './bars.mjs';
import { RenderingServer } from './rendering-server.mjs';

const SECONDS = 10;
const PER_SECOND = 200;
const KEY_EVERY_MS = 80;

/** In the page: how long after it happened each input event reaches a listener. */
function watch() {
  window.lateness = [];
  const note = (event) => window.lateness.push(performance.now() - event.timeStamp);
  for (const type of ['keydown', 'beforeinput', 'input']) window.addEventListener(type, note, true);
}

const server = await RenderingServer.start([['/', dist()]]);
const browser = await launch();
let late;
try {
  server.reset([['lobby', 500]]);
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 }, serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.addInitScript(watch);
  await page.goto(server.url);
  await page.locator('#user').fill('ana');
  await page.locator('form button[type=submit]').click();
  await page.locator('.message-text').first().waitFor();
  await page.locator('#message').click();
  await page.evaluate(() => window.lateness.splice(0));
  const cdp = await context.newCDPSession(page);
  const pushing = setInterval(() => server.push('lobby', PER_SECOND / 20), 1000 / 20);
  const end = performance.now() + SECONDS * 1000;
  const text = 'the quick brown fox jumps over the lazy dog ';
  for (let n = 0; performance.now() < end; n += 1) {
    const key = text[n % text.length];
    await cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', text: key, key, unmodifiedText: key });
    await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', key });
    await new Promise((done) => setTimeout(done, KEY_EVERY_MS));
  }
  clearInterval(pushing);
  late = await page.evaluate(() => window.lateness);
  await context.close();
} finally {
  await browser.close();
  await server.stop();
}
late.sort((a, b) => a - b);
const at = (share) => late[Math.min(late.length - 1, Math.floor(late.length * share))];
const result = { events: late.length, p50: at(0.5), p99: at(0.99), max: late.at(-1), bar: 50 };
if (process.argv.includes('--json')) {
  console.log(JSON.stringify(result));
} else {
  console.log(`| input events while ${PER_SECOND} messages a second arrive | p50 ms | p99 ms | latest ms | bar ms |`);
  console.log('|---|---|---|---|---|');
  console.log(`| ${result.events} | ${result.p50.toFixed(1)} | ${result.p99.toFixed(1)} | ${result.max.toFixed(1)} | ${result.bar} |`);
}
hold([['the latest input event, ms', result.max, 'at most', result.bar]]);
