// Writes FILE.br (quality 11, window 22) and FILE.gz (level 9) beside every file of a folder.
// node has Google's own brotli built in, compiled: xtask need not compile one.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import zlib from "node:zlib";

const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);
const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = zlib.constants;

const [folder] = process.argv.slice(2);
const entries = await readdir(folder, { recursive: true, withFileTypes: true });
const files = entries
  .filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name))
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

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
