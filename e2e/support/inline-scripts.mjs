// The hashes of the page's inline scripts, as a deployment is given them for the template's `InlineScripts`.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { dist, inRepository } from './paths.mjs';

export const inlineHashes = () => execFileSync(
  process.execPath, [inRepository('xtask/npm/inline.mjs'), join(dist(), 'index.html')], { encoding: 'utf8' },
);
