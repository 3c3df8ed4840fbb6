// Prints the hashes of a page's inline scripts as its content security policy names them, each behind
// a space: the value of the template's `InlineScripts`.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

const page = await readFile(process.argv[2], "utf8");
const inline = [...page.matchAll(/<script([^>]*)>([\s\S]*?)<\/script/g)]
  .filter(([, attributes]) => !/\ssrc\b/.test(attributes))
  .map(([, , script]) => ` 'sha256-${createHash("sha256").update(script).digest("base64")}'`);
process.stdout.write(inline.join(""));
