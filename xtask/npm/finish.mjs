// What follows trunk in a release build, in place in the folder given: the wasm optimised, its and
// the glue's names for each other made short (./glue.mjs), one stylesheet instead of one request
// each, comments, blanks and long names out of it and the page, the scripts minified, the service
// worker told what the build consists of (trunk 0.21's own minifier cannot parse wasm-bindgen's
// glue), then FILE.br (quality 11, window 22, the best of several blocks) and FILE.gz (level 9)
// beside every file. node has Google's own brotli built in and compiled, so that xtask need not
// compile one.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { promisify } from "node:util";
import zlib from "node:zlib";
import { minify } from "terser";
import { Glue, shorten } from "./glue.mjs";
import { Module } from "./wasm.mjs";

const WASM_OPT = [
  ...["--flatten", "--rereloop", "-Oz", "-Oz", "--converge"],
  // The features rustc has on for the target; the stripped wasm does not list them.
  ...["--enable-bulk-memory", "--enable-multivalue", "--enable-mutable-globals"],
  ...["--enable-nontrapping-float-to-int", "--enable-reference-types", "--enable-sign-ext"],
];

const [dist, parts, option] = process.argv.slice(2);
const page = join(dist, "index.html");

// The glue asks no function for its `this` but by name. A script that is no module keeps what stands
// at its top: the service worker is told apart by its version.
const MODULE = { module: true, ecma: 2020, compress: { passes: 3, unsafe_arrows: true } };
const SCRIPT = { compress: { passes: 3 } };

const minified = async (code, module) =>
  (await minify(code, { ...(module ? MODULE : SCRIPT), mangle: true })).code;

const hash = (...contents) => {
  const sum = createHash("sha256");
  for (const content of contents) sum.update(content);
  return sum.digest("hex").slice(0, 12);
};

const WASM = "_bg.wasm";
/** Whence the wasm imports what wasm-bindgen's glue gives it, and what wasm-split does. */
const [OWN, LINK] = ["./switchboard_bg.js", "./__wasm_split.js"];
const IMPORT = /^import (?:\* as (\w+)|\{.*\}) from ["'](.*)["'];?$/gm;
const DEMO = "switchboard-demo";
/** What a glue has for others, once it is small. */
const EXPORT = /export\s*\{\s*(\w+) as default,?\s*\};?/;

/** The wasm in a file, optimised; the file is changed. */
async function optimised(path) {
  const wasmOpt = join(import.meta.dirname, "node_modules/binaryen/bin/wasm-opt");
  await promisify(execFile)(process.execPath, [wasmOpt, path, "-o", path, ...WASM_OPT]);
  return new Module(await readFile(path));
}

/** Makes a wasm and its glue small, and names both by what they now are. */
async function shrink(stem, prefix, prepared = (glue) => glue) {
  const [wasmPath, gluePath] = [join(dist, stem + WASM), join(dist, `${stem}.js`)];
  const raw = new Module(await readFile(wasmPath));
  const code = await prepared(await readFile(gluePath, "utf8"), raw);
  const glue = new Glue(code).modern().keepDefaultOnly().giveSimply().joinAlike(raw);
  const used = glue.uses();
  raw.exports = raw.exports.filter(({ name }) => used.has(name));
  await writeFile(wasmPath, raw.bytes());
  const wasm = await optimised(wasmPath);
  const short = shorten(glue, wasm);
  const bytes = wasm.bytes();
  const name = `${prefix}-${hash(short, bytes)}`;
  await Promise.all([rm(wasmPath), rm(gluePath)]);
  await writeFile(join(dist, `${name}.js`), short.replaceAll(stem, name));
  await writeFile(join(dist, name + WASM), bytes);
  return { name, size: bytes.length };
}

/** What is fetched later, and how the glue fetches it. */
async function shrinkLater() {
  const path = join(parts, "later.wasm");
  await copyFile(join(parts, "split_later.wasm"), path);
  const wasm = await optimised(path);
  const shared = wasm.imports.map(({ name }) => name);
  wasm.imports.forEach((entry, index) => Object.assign(entry, { module: "a", name: `a${index}` }));
  const bytes = wasm.bytes();
  const name = `later-${hash(bytes)}.wasm`;
  await writeFile(join(dist, name), bytes);
  const given = shared.map((shared, index) => `a${index}: wasm.${shared}`).join(", ");
  const load = `
    const later = {};
    // Each once; what failed is tried again the next time.
    const once = (name, load) => (later[name] ??= load().catch((error) => {
      later[name] = undefined;
      throw error;
    }));
    const loadLaterStyle = () => new Promise((loaded, failed) => {
      const link = document.createElement("link");
      Object.assign(link, { rel: "stylesheet", onload: loaded, onerror: failed });
      link.href = new URL("${laterStyle}", import.meta.url);
      document.head.append(link);
    });
    const loadLaterWasm = async () =>
      __wbg_load(await fetch(new URL("${name}", import.meta.url)), { a: { ${given} } });
    async function loadLater(callback, data) {
      let here = true;
      try {
        await Promise.all([once("wasm", loadLaterWasm), once("style", loadLaterStyle)]);
      } catch (error) {
        console.error(error);
        here = false;
      }
      wasm.__indirect_function_table.get(callback)(data, here);
    }`;
  /** The glue with the loader in it, and the app's own JavaScript in place of a request for each;
   * what the wasm takes of them stands among what the glue gives to it anyway. */
  const into = async (glue, wasm) => {
    const snippets = new Set();
    let changed = glue;
    for (const [line, variable, module] of glue.matchAll(IMPORT)) {
      if (module !== LINK) snippets.add(module);
      const taken = wasm.imports.filter((entry) => entry.module === module);
      const given = taken.map(({ name }) => `${name}: ${module === LINK ? "loadLater" : name},`);
      for (const entry of taken) entry.module = OWN;
      changed = changed
        .replace(line, "")
        .replace(`"${module}": ${variable},`, "")
        .replace("__proto__: null,", `__proto__: null, ${given.join(" ")}`);
    }
    for (const module of snippets) {
      const code = await readFile(join(parts, "bound", module), "utf8");
      // First, so that its constants are known to be set wherever they are read.
      changed = code.replace(/^export /gm, "") + changed;
    }
    return changed + load;
  };
  return { into };
}

/** The page's wasm, and how long the progress bar is. */
async function shrinkApp(html) {
  const files = (await readdir(dist)).filter((name) => name.endsWith(WASM) && name !== DEMO + WASM);
  if (files.length !== 1) throw new Error(`the page has one wasm, not ${files}`);
  const stem = basename(files[0], WASM);
  // In place of the whole, its first part.
  await copyFile(join(parts, "bound", `switchboard${WASM}`), join(dist, files[0]));
  const bound = await readFile(join(parts, "bound/switchboard.js"), "utf8");
  await writeFile(join(dist, `${stem}.js`), bound.replaceAll(`switchboard${WASM}`, files[0]));
  const later = await shrinkLater();
  const { name, size } = await shrink(stem, "switchboard", later.into);
  await rm(join(dist, "snippets"), { recursive: true, force: true });
  const own = html.replace(/<link rel="modulepreload" href="[^"]*snippets[^>]*>/g, "");
  return own.replaceAll(stem, name).replace("<progress ", `<progress max="${size}" `);
}

/** The page's loader, in fewer words: trunk's own also hands on the bindings and the wasm, for which nobody
 * here asks, and says of its preloads what they mean anyway. And the bar shows how many bytes have come, but of
 * a kept wasm: that is there at once, and left to the browser, which keeps what it compiled of it. */
function ownLoader(html) {
  const loader = /<script type="module">[^<]*?module_or_path: '([^']+)_bg\.wasm'[^<]*<\/script>/;
  if (!loader.test(html)) throw new Error("trunk loads the wasm in another way than before");
  const own = (path) => `
    import init from "${path}.js";
    let file = await fetch("${path}_bg.wasm");
    if (!navigator.serviceWorker?.controller) {
      const bar = document.querySelector("progress");
      let got = 0;
      const transform = (part, on) => {
        bar.value = got += part.length;
        on.enqueue(part);
      };
      file = new Response(file.body.pipeThrough(new TransformStream({ transform })), file);
    }
    await init({ module_or_path: file });
    dispatchEvent(new Event("TrunkApplicationStarted"));`;
  return html
    .replace(loader, (_, path) => `<script type="module">${own(path)}</script>`)
    .replaceAll(' crossorigin="anonymous"', " crossorigin")
    .replace(' type="application/wasm"', "");
}

/** The demo's, with its glue in the worker's script: one request before the wasm, not two. */
async function shrinkDemo(html) {
  const { name } = await shrink(DEMO, "demo");
  const [glue, script] = [join(dist, `${name}.js`), join(dist, "demo.js")];
  const [code, own] = await Promise.all([glue, script].map((path) => readFile(path, "utf8")));
  const taken = `import init from "./${DEMO}.js";`;
  if (!EXPORT.test(code) || !own.includes(taken)) {
    throw new Error("the demo's script and its glue meet in another way than before");
  }
  const joint = code.replace(EXPORT, "const init = $1;") + own.replace(taken, "");
  await writeFile(script, joint.replaceAll(DEMO, name));
  await rm(glue);
  return html;
}

/** The page finds its files beside it, wherever it lies. */
async function beside(html) {
  const names = await readdir(dist);
  return names.reduce(
    (text, name) => text.replaceAll(`"/${name}`, `"./${name}`).replaceAll(`'/${name}`, `'./${name}`),
    html,
  );
}

/** With `--demo` the site opens the demo, which the page need not wait for `config.json` to know. */
async function openDemo(html) {
  if (option !== "--demo") return html;
  await writeFile(join(dist, "config.json"), '{ "demo": true }\n');
  return html.replace("<html ", "<html data-demo ");
}

const asset = (name) => readFile(join(import.meta.dirname, "../../assets", name), "utf8");

/** What keeps the page without a network is registered in a release alone. */
async function addUpdates(html) {
  const script = await asset("update.js");
  const name = `later-${hash(script)}.js`;
  await writeFile(join(dist, name), script);
  // Not before the app can be used.
  const started = 'dispatchEvent(new Event("TrunkApplicationStarted"));';
  if (!html.includes(started)) throw new Error("the loader no longer says that the app has started");
  return html.replace(started, () => `${started} import("./${name}");`);
}

/** The service worker is told what the build consists of. */
async function writeServiceWorker(html) {
  const entries = await readdir(dist, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dist, join(entry.parentPath ?? entry.path, entry.name)))
    .filter((name) => name !== "config.json" && !/\.(br|gz)$/.test(name))
    .sort();
  const shell = names.filter((name) => html.includes(`./${name}`));
  const later = names.filter((name) => name !== "index.html" && !shell.includes(name));
  const contents = await Promise.all(names.map((name) => readFile(join(dist, name))));
  const worker = await asset("sw.js");
  const build = [
    `const VERSION = ${JSON.stringify(hash(worker, html, ...contents))};`,
    `const SHELL = ${JSON.stringify(["", ...shell])};`,
    `const LATER = ${JSON.stringify(later)};`,
  ];
  await writeFile(join(dist, "sw.js"), worker.replace("/* BUILD */", build.join("\n")));
}

// A comment ends with its first end, whatever has to follow: `[\s\S]*?` would go on to the next one's.
const COMMENT = /\/\*(?:(?!\*\/)[\s\S])*\*\//.source;
const STYLE = new RegExp(
  String.raw`("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?:\s|${COMMENT})*([{};,>~])(?:\s|${COMMENT})*|(:)\s+|${COMMENT}|\s+`,
  "g",
);

/** A style sheet without comments, needless blanks, quotes and zeros; strings stay as they are. */
const minifiedStyle = (style) =>
  style
    .replace(STYLE, (all, string, mark, colon) => string ?? mark ?? colon ?? (all.startsWith("/*") ? "" : " "))
    .replaceAll(";}", "}")
    .replace(/="([a-z][\w-]*)"\]/g, "=$1]")
    .replace(/(?<![\w.])0\.(?=\d)/g, ".")
    .trim();

/** What only needs these styles comes later: src/later.rs. */
const LATER_STYLES = 
  /^(choice|compose-bar|dialog|emoji|inspector|menu|message-details|message-tools|palette|search|settings|states-later|suggestions)-/;
let laterStyle;

/** Style sheets in their order as one. */
async function joined(files) {
  const styles = await Promise.all(files.map((file) => readFile(join(dist, file), "utf8")));
  await Promise.all(files.map((file) => rm(join(dist, file))));
  return minifiedStyle(styles.join("\n"));
}

/** Custom properties in fewer letters, the more often they are named; those that the app or the page
 * names keep theirs. */
async function shortProperties(html, styles) {
  const PROPERTY = /(?<![\w-])--[a-z][\w-]*/g;
  const others = (await readdir(dist)).filter((name) => /\.(wasm|js)$/.test(name));
  const texts = await Promise.all(others.map((name) => readFile(join(dist, name), "latin1")));
  const count = new Map();
  for (const [name] of styles.join("\n").matchAll(PROPERTY)) count.set(name, (count.get(name) ?? 0) + 1);
  const isKept = (name) => [html, ...texts].some((text) => text.includes(name));
  const kept = new Set([...count.keys()].filter(isKept));
  const names = [...count.keys()].filter((name) => !kept.has(name));
  names.sort((a, b) => count.get(b) - count.get(a));
  const letters = [..."abcdefghijklmnopqrstuvwxyz"];
  const short = ["", ...letters]
    .flatMap((first) => letters.map((last) => `--${first}${last}`))
    .filter((name) => !kept.has(name));
  if (names.length > short.length) throw new Error(`${names.length} custom properties`);
  const shorter = new Map(names.map((name, at) => [name, short[at]]));
  return styles.map((style) => style.replace(PROPERTY, (name) => shorter.get(name) ?? name));
}

/** Writes a style sheet, and tells how it is called. */
async function written(style, prefix) {
  const name = `${prefix}-${hash(style)}.css`;
  await writeFile(join(dist, name), style);
  return name;
}

/** Replaces the page's stylesheets by one, and by another for later; layers keep their order. */
async function joinStyles(html) {
  const links = [...html.matchAll(/<link rel="stylesheet" href="\.?\/([^"]+)"[^>]*>/g)];
  const files = links.map(([, file]) => file);
  const isLater = (file) => LATER_STYLES.test(file);
  const [own, later] = await shortProperties(html, [
    await joined(files.filter((file) => !isLater(file))),
    await joined(files.filter(isLater)),
  ]);
  laterStyle = await written(later, "later");
  const name = await written(own, "style");
  const [first] = links;
  return links
    .slice(1)
    .reduce((text, [link]) => text.replace(link, ""), html)
    .replace(first[0], `<link rel="stylesheet" href="./${name}">`);
}

/** Minifies the scripts that stand in the page. */
async function minifyInline(html) {
  const scripts = [...html.matchAll(/<script( type="module")?>([\s\S]*?)<\/script>/g)];
  for (const [element, module, code] of scripts) {
    const small = await minified(code, Boolean(module));
    html = html.replace(element, () => `<script${module ?? ""}>${small}</script>`);
  }
  return html;
}

const withoutComments = (html) => html.replace(/<!--[\s\S]*?-->/g, "");
const withoutBlanks = (html) => html.replace(/\s*\n\s*/g, "\n").replaceAll("</symbol>\n", "</symbol>");

const html = await readFile(page, "utf8")
  .then(withoutComments)
  .then(joinStyles)
  .then(ownLoader)
  .then(shrinkApp)
  .then(shrinkDemo)
  .then(openDemo)
  .then(addUpdates)
  .then(withoutBlanks)
  .then(minifyInline)
  .then(beside);
await writeFile(page, html);
const manifest = join(dist, "manifest.webmanifest");
await writeFile(manifest, JSON.stringify(JSON.parse(await readFile(manifest, "utf8"))));
await writeServiceWorker(html);

const entries = await readdir(dist, { recursive: true, withFileTypes: true });
const files = entries
  .filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name))
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

for (const file of files.filter((name) => name.endsWith(".js"))) {
  const module = !file.endsWith("sw.js");
  await writeFile(file, await minified(await readFile(file, "utf8"), module));
}

const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);
const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_LGBLOCK } = zlib.constants;
const { BROTLI_PARAM_NDIRECT, BROTLI_PARAM_NPOSTFIX, BROTLI_PARAM_SIZE_HINT } = zlib.constants;

/** How long a block is (a power of two) and how many short distances have a code of their own: which
 * is best differs from build to build, up to 450 bytes of the app's wasm. */
const BLOCKS = [[16, 0], [16, 12], [17, 0], [17, 2], [18, 0], [24, 0], [24, 8]];
/** Of what every visit fetches, whatever it takes; the third is how many last bits of a distance stand apart. */
const MORE = [16, 17, 18].flatMap((block) =>
  [0, 1].flatMap((apart) => [0, 4, 6, 8, 12].map((direct) => [block, direct << apart, apart])),
);

const packed = (content, [block, direct, apart = 0]) =>
  brotli(content, {
    params: {
      [BROTLI_PARAM_QUALITY]: 11,
      [BROTLI_PARAM_LGWIN]: 22,
      [BROTLI_PARAM_LGBLOCK]: block,
      [BROTLI_PARAM_NDIRECT]: direct,
      [BROTLI_PARAM_NPOSTFIX]: apart,
      [BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });

const smallest = async (content, blocks) => {
  const all = await Promise.all(blocks.map((block) => packed(content, block)));
  return all.reduce((best, next) => (next.length < best.length ? next : best));
};

const isFirst = (file) => html.includes(basename(file)) || file === page;

await Promise.all(
  files.map(async (file) => {
    const content = await readFile(file);
    await Promise.all([
      smallest(content, isFirst(file) ? [...BLOCKS, ...MORE] : BLOCKS).then((small) => writeFile(`${file}.br`, small)),
      gzip(content, { level: 9 }).then((small) => writeFile(`${file}.gz`, small)),
    ]);
  }),
);
