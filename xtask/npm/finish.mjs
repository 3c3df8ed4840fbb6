// What follows trunk in a release build, in place in the folder given:
// one stylesheet instead of one request each, comments and indentation out of the page, the
// scripts minified (trunk 0.21's own minifier cannot parse wasm-bindgen's glue), then FILE.br
// (quality 11, window 22) and FILE.gz (level 9) beside every file. node has Google's own
// brotli built in and compiled, so that xtask need not compile one.
import { createHash } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import zlib from "node:zlib";
import { minify } from "terser";

const dist = process.argv[2];
const page = join(dist, "index.html");

const minified = async (code, module) =>
  (await minify(code, { module, compress: { passes: 2 }, mangle: true })).code;

/** Replaces the page's stylesheets by one, in the same order. */
async function joinStyles(html) {
  const links = [...html.matchAll(/<link rel="stylesheet" href="\/([^"]+)"[^>]*>/g)];
  if (links.length < 2) return html;
  const styles = await Promise.all(links.map(([, file]) => readFile(join(dist, file), "utf8")));
  const style = styles.join("\n");
  const name = `style-${createHash("sha256").update(style).digest("hex").slice(0, 16)}.css`;
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
const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = zlib.constants;

await Promise.all(
  files.map(async (file) => {
    const content = await readFile(file);
    const params = {
      [BROTLI_PARAM_QUALITY]: 11,
      [BROTLI_PARAM_LGWIN]: 22,
      [BROTLI_PARAM_SIZE_HINT]: content.length,
    };
    await Promise.all([
      brotli(content, { params }).then((packed) => writeFile(`${file}.br`, packed)),
      gzip(content, { level: 9 }).then((packed) => writeFile(`${file}.gz`, packed)),
    ]);
  }),
);
