// What follows trunk in a release build, in place in the folder given:
// the wasm optimised, its and the glue's names for each other made short (./glue.mjs),
// one stylesheet instead of one request each, comments and blanks out of it and the page, the
// scripts minified (trunk 0.21's own minifier cannot parse wasm-bindgen's glue), then FILE.br
// (quality 11, window 22) and FILE.gz (level 9) beside every file. node has Google's own
// brotli built in and compiled, so that xtask need not compile one.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
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

const dist = process.argv[2];
const page = join(dist, "index.html");

const minified = async (code, module) =>
  (await minify(code, { module, compress: { passes: 3 }, mangle: true })).code;

const hash = (...contents) => {
  const sum = createHash("sha256");
  for (const content of contents) sum.update(content);
  return sum.digest("hex").slice(0, 16);
};

/** Makes the wasm and its glue small, and names both by what they now are. */
async function shrinkApp(html) {
  const [wasmFile] = (await readdir(dist)).filter((name) => name.endsWith("_bg.wasm"));
  const stem = basename(wasmFile, "_bg.wasm");
  const [wasmPath, gluePath] = [join(dist, wasmFile), join(dist, `${stem}.js`)];
  const glue = new Glue(await readFile(gluePath, "utf8")).keepDefaultOnly();
  const raw = new Module(await readFile(wasmPath));
  const used = glue.uses();
  raw.exports = raw.exports.filter(({ name }) => used.has(name));
  await writeFile(wasmPath, raw.bytes());
  const wasmOpt = join(import.meta.dirname, "node_modules/binaryen/bin/wasm-opt");
  await promisify(execFile)(process.execPath, [wasmOpt, wasmPath, "-o", wasmPath, ...WASM_OPT]);
  const wasm = new Module(await readFile(wasmPath));
  const code = shorten(glue, wasm);
  const name = `switchboard-${hash(code, wasm.bytes())}`;
  await Promise.all([rm(wasmPath), rm(gluePath)]);
  await writeFile(join(dist, `${name}.js`), code.replaceAll(stem, name));
  await writeFile(join(dist, `${name}_bg.wasm`), wasm.bytes());
  return html.replaceAll(stem, name);
}

/** A style sheet without comments and needless blanks; strings stay as they are. */
const minifiedStyle = (style) =>
  style
    .replace(
      /("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\/\*[\s\S]*?\*\/|\s*([{};,])\s*|(:)\s+|\s+/g,
      (all, string, mark, colon) => string ?? mark ?? colon ?? (all.startsWith("/*") ? "" : " "),
    )
    .replaceAll(";}", "}")
    .trim();

/** Replaces the page's stylesheets by one, in the same order. */
async function joinStyles(html) {
  const links = [...html.matchAll(/<link rel="stylesheet" href="\/([^"]+)"[^>]*>/g)];
  if (links.length < 2) return html;
  const styles = await Promise.all(links.map(([, file]) => readFile(join(dist, file), "utf8")));
  const style = minifiedStyle(styles.join("\n"));
  const name = `style-${hash(style)}.css`;
  await Promise.all(links.map(([, file]) => rm(join(dist, file))));
  await writeFile(join(dist, name), style);
  const [first] = links;
  return links
    .slice(1)
    .reduce((text, [link]) => text.replace(link, ""), html)
    .replace(first[0], `<link rel="stylesheet" href="/${name}">`);
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
const withoutBlanks = (html) => html.replace(/\s*\n\s*/g, "\n");

await writeFile(
  page,
  await readFile(page, "utf8")
    .then(withoutComments)
    .then(shrinkApp)
    .then(joinStyles)
    .then(withoutBlanks)
    .then(minifyInline),
);

const entries = await readdir(dist, { recursive: true, withFileTypes: true });
const files = entries
  .filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name))
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

for (const file of files.filter((name) => name.endsWith(".js"))) {
  await writeFile(file, await minified(await readFile(file, "utf8"), true));
}

const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);
const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_LGBLOCK } = zlib.constants;
const { BROTLI_PARAM_SIZE_HINT } = zlib.constants;

await Promise.all(
  files.map(async (file) => {
    const content = await readFile(file);
    const params = {
      [BROTLI_PARAM_QUALITY]: 11,
      [BROTLI_PARAM_LGWIN]: 22,
      // The wasm as one block to divide as fits best: 1 % less.
      [BROTLI_PARAM_LGBLOCK]: 24,
      [BROTLI_PARAM_SIZE_HINT]: content.length,
    };
    await Promise.all([
      brotli(content, { params }).then((packed) => writeFile(`${file}.br`, packed)),
      gzip(content, { level: 9 }).then((packed) => writeFile(`${file}.gz`, packed)),
    ]);
  }),
);
