// What is tested and with what; `cargo xtask test` names them, the defaults are what it builds.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const inRepository = (path) => fileURLToPath(new URL(path, root));

const given = (name, fallback) => {
  const path = process.env[name] || fallback;
  if (!existsSync(path)) {
    throw new Error(`${path} is not there: run \`cargo xtask test --only e2e\`, or set ${name}.`);
  }
  return path;
};

/** The gateway's binary. */
export const gatewayBinary = () =>
  given('SWITCHBOARD_GATEWAY', inRepository('target/debug/switchboard-gateway'));
/** The folder of the release app. */
export const dist = () => given('SWITCHBOARD_DIST', inRepository('dist'));
/** The folder of a development build, which has the gallery. */
export const development = () => given('SWITCHBOARD_DEVELOPMENT', inRepository('target/look'));
/** Chromium. */
export const chromiumBinary = () => given('CHROMIUM', '/usr/bin/chromium');
/** A file or folder of the repository. */
export { inRepository };
