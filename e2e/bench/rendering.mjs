// How quickly messages get onto the screen: the app, a page written by hand in plain JavaScript that
// does the same rendering, and React with chatscope's kit, in the same Chromium and in one run, from
// the same frames. Prints a table, or JSON with --json.
//
//   SWITCHBOARD_DIST=dist node e2e/bench/rendering.mjs [--json] [--only app,vanilla,kit]

import { cp, mkdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { tmpdir } from 'node:os';

import { dist } from '../support/paths.mjs';
import { launch } from '../support/scene.mjs';
import { hold } from './bars.mjs';
import { RenderingServer, content } from './rendering-server.mjs';

const BURST = 10_000;
const HEAP = 100_000;
const ROUNDS = 5;
/** Most of the plain page's time and memory that the app may take. */
const BAR = 1.25;
const json = process.argv.includes('--json');
const [, only] = process.argv.join(' ').match(/ --only ([\w,]+)/) ?? [];

const here = import.meta.dirname;
const work = join(tmpdir(), `switchboard-rendering-${process.pid}`);
await mkdir(work, { recursive: true });

const OURS = { list: '.timeline-scroll', text: 'message-text' };

/** What the pages differ in, for the hand that measures. */
const CONTENDERS = {
  app: {
    path: '/',
    folder: dist(),
    ...OURS,
    enter: async (page) => {
      await page.locator('#user').fill('ana');
      await page.locator('#user').press('Enter');
    },
    // Its rows have names alone.
    row: (conv) => (conv === 'lobby' ? 'Everyone' : 'bo'),
  },
  vanilla: {
    path: '/vanilla/', folder: join(here, 'vanilla'),
    ...OURS,
  },
  kit: {
    path: '/kit/', folder: join(work, 'kit'),
    list: '.cs-message-list', text: 'cs-message__html-content',
  },
};

async function build() {
  const app = join(work, 'kit');
  await mkdir(app, { recursive: true });
  const { build } = createRequire(join(here, 'kits/package.json'))('esbuild');
  await build({
    entryPoints: [join(here, 'kits/chatscope.jsx')], outfile: join(app, 'chatscope.js'), bundle: true, minify: true, format: 'esm',
    define: { 'process.env.NODE_ENV': '"production"' }, logLevel: 'error',
  });
  await cp(join(here, 'kits/chatscope.html'), join(app, 'index.html'));
  const plain = join(work, 'vanilla');
  await cp(join(here, 'vanilla'), plain, { recursive: true });
  CONTENDERS.vanilla.folder = plain;
  // The same style sheet as the app's: the page differs in how rows are made, not in how they look.
  const { readdir } = await import('node:fs/promises');
  const [style] = (await readdir(dist())).filter((name) => /^style.*\.css$/.test(name));
  if (style) await cp(join(dist(), style), join(plain, 'style.css'));
}

/** In the page: notes when frames arrive, and tells when a text stands at a place and is laid out. */
function instrument() {
  const bench = { frames: 0, first: 0, late: 0 };
  window.bench = bench;
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...args) {
      super(...args);
      this.addEventListener('message', () => {
        bench.frames += 1;
        bench.first ||= performance.now();
      });
    }
  };
  const { instantiateStreaming, instantiate } = WebAssembly;
  const keep = (made) => made.then((result) => {
    const exports = (result.instance ?? result).exports;
    bench.memory = Object.values(exports).find((value) => value instanceof WebAssembly.Memory) ?? bench.memory;
    return result;
  });
  WebAssembly.instantiateStreaming = (...args) => keep(instantiateStreaming.apply(WebAssembly, args));
  WebAssembly.instantiate = (...args) => keep(instantiate.apply(WebAssembly, args));
  // Looked for where messages are, after they have changed: what it costs must not tell.
  bench.until = ({ list, text }, end, start, act) => new Promise((resolve) => {
    bench.first = 0;
    const place = document.querySelector(list);
    const texts = place.getElementsByClassName(text);
    const look = () => {
      const element = texts[end === 'last' ? texts.length - 1 : 0];
      if (!element?.textContent.startsWith(start)) return false;
      element.getBoundingClientRect();
      resolve({ now: performance.now(), first: bench.first });
      return true;
    };
    const observer = new MutationObserver(() => {
      if (look()) observer.disconnect();
    });
    observer.observe(place, { childList: true, subtree: true, characterData: true });
    act?.();
  });
}

const settle = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
};

async function open(browser, server, contender) {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 }, serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.addInitScript(instrument);
  await page.goto(server.url + contender.path);
  await contender.enter?.(page);
  return { context, page };
}

/** Waits until the first or last message begins with `start`; from the first frame that came meanwhile to laid out, ms. */
async function shown(page, contender, end, start, act) {
  const done = page.evaluate(([contender, end, start]) => window.bench.until(contender, end, start), [contender, end, start]);
  // The observer stands before anything is sent: evaluations are carried out in order.
  await page.evaluate(() => 0);
  await act();
  const { now, first } = await done;
  return now - first;
}

const where = ({ list, text }) => ({ list, text });

const begun = (page, { list, text }) => page.waitForFunction(
  ([list, text, start]) => [...document.querySelectorAll(`${list} .${text}`)].at(-1)?.textContent.startsWith(start),
  [list, text, content(200)],
);

/** One page from the beginning; `times` gets what each thing took, ms. */
async function measure(browser, server, name, contender, times) {
  const told = where(contender);
  server.reset([['lobby', 200], ['c:ana,bo', 500]]);
  const { context, page } = await open(browser, server, contender);
  await begun(page, contender);
  const burst = BURST + 200;
  times.burst.push(await shown(page, told, 'last', `${burst}:`, () => server.push('lobby', BURST)));
  for (let n = 0; n < 20; n += 1) {
    const last = server.heads.get('lobby') + 1;
    times.append.push(await shown(page, told, 'last', `${last}:`, () => server.push('lobby', 1)));
    await settle(page);
  }
  // In the other conversation: its pages are there to be asked for.
  const into = (conv) => page.evaluate(([told, start, conv, name]) => {
    const rows = [...document.querySelectorAll('.row, .cs-conversation')];
    const row = rows.find((row) => row.dataset.id === conv || row.querySelector('.row-name')?.textContent === name || row.querySelector('.cs-conversation__name')?.textContent === conv);
    const begun = performance.now();
    return window.bench.until(told, 'last', start, () => row.click()).then(({ now }) => now - begun);
  }, [told, `${server.heads.get(conv)}:`, conv, contender.row?.(conv) ?? conv]);
  for (let n = 0; n < 10; n += 1) {
    for (const conv of ['c:ana,bo', 'lobby']) {
      times.switch.push(await into(conv));
      await settle(page);
    }
  }
  await into('c:ana,bo');
  let first = 451;
  for (let n = 0; n < 8; n += 1) {
    first -= 50;
    times.prepend.push(await shown(page, told, 'first', `${first}:`, async () => {
      await page.evaluate(() => document.querySelector('.timeline-scroll, .cs-message-list .scrollbar-container').scrollTo({ top: -1e9 }));
      await settle(page);
      // The app asks by itself, at the top.
      if (name !== 'app') await page.evaluate(() => document.querySelector('.load').click());
    }));
    await settle(page);
  }
  await context.close();
}

async function heap(browser, server, contender, count) {
  const told = where(contender);
  server.reset([['lobby', 200], ['c:ana,bo', 500]]);
  const { context, page } = await open(browser, server, contender);
  await begun(page, contender);
  for (let sent = 0; sent < count; sent += 5_000) {
    const last = server.heads.get('lobby') + 5_000;
    await shown(page, told, 'last', `${last}:`, () => server.push('lobby', 5_000));
  }
  const cdp = await context.newCDPSession(page);
  for (let n = 0; n < 3; n += 1) await cdp.send('HeapProfiler.collectGarbage');
  await cdp.send('Performance.enable');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const used = metrics.find((metric) => metric.name === 'JSHeapUsedSize').value;
  const memory = await page.evaluate(() => window.bench.memory?.buffer.byteLength ?? 0);
  await context.close();
  return used + memory;
}

await build();
const browser = await launch();
const server = await RenderingServer.start([
  ['/vanilla/', CONTENDERS.vanilla.folder], ['/kit/', CONTENDERS.kit.folder], ['/', CONTENDERS.app.folder],
]);
const results = {};
try {
  const contenders = Object.entries(CONTENDERS).filter(([name]) => !only || only.split(',').includes(name));
  // In turns: a machine is not equally quick all the time.
  const times = new Map(contenders.map(([name]) => [name, { burst: [], append: [], prepend: [], switch: [] }]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, contender] of contenders) {
      // It takes a minute each time.
      if (name === 'kit' && round % 2 > 0) continue;
      await measure(browser, server, name, contender, times.get(name));
    }
  }
  for (const [name, contender] of contenders) {
    results[name] = Object.fromEntries(Object.entries(times.get(name)).map(([what, values]) => [what, median(values)]));
    // React with every row in the document does not get to 100,000: a tenth.
    results[name].heap = await heap(browser, server, contender, name === 'kit' ? HEAP / 10 : HEAP);
    if (!json) process.stderr.write(`${name} ${JSON.stringify(results[name])}\n`);
  }
} finally {
  await browser.close();
  await server.stop();
  await rm(work, { recursive: true, force: true });
}
const rows = [
  ['burst', `a burst of ${BURST.toLocaleString('en')} messages, ms`], ['append', 'one more message, ms'], ['prepend', 'fifty earlier ones, ms'],
  ['switch', 'switch conversation, ms'], ['heap', `memory after ${HEAP.toLocaleString('en')} messages, MB (kit: after a tenth)`],
];
const ratio = (one, other, key) => (results[one] && results[other] ? results[one][key] / results[other][key] : NaN);
if (json) {
  console.log(JSON.stringify(results));
} else {
  const names = Object.keys(results);
  const told = (one, other, key) => ratio(one, other, key).toFixed(2).replace('NaN', '');
  console.log(`| | ${names.join(' | ')} | app ÷ vanilla | kit ÷ app |`);
  console.log(`|---|${names.map(() => '---').join('|')}|---|---|`);
  for (const [key, label] of rows) {
    const of = names.map((name) => results[name][key] / (key === 'heap' ? 1e6 : 1));
    console.log(`| ${label} | ${of.map((value) => value.toFixed(1)).join(' | ')} | ${told('app', 'vanilla', key)} | ${told('kit', 'app', key)} |`);
  }
}
for (const [key, label] of rows) {
  if (results.vanilla && results.app) hold([[`${label}: app ÷ vanilla`, ratio('app', 'vanilla', key), 'at most', BAR]]);
  if (results.kit && results.app) hold([[`${label}: app ÷ kit`, ratio('app', 'kit', key), 'below', 1]]);
}
