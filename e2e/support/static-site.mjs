// A plain static file server: no gateway, no handlers, nothing but the built files.

import { createServer } from 'node:http';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

import { dist } from './paths.mjs';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
};

export class StaticSite {
  /** Paths asked for, in order. */
  requests = [];
  #folder;
  #server;
  #overrides;
  #headers;
  #port = 0;

  /**
   * Serves `folder`; `overrides` are further files by path, which win: `{ '/config.json': '…' }`, `headers`
   * go with all of them.
   */
  static async start({ folder = dist(), overrides = {}, headers = {} } = {}) {
    const site = new StaticSite();
    site.#folder = folder;
    site.#overrides = overrides;
    site.#headers = headers;
    await site.startAgain();
    return site;
  }

  async startAgain() {
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = this.#server.address().port;
    this.url = `http://127.0.0.1:${this.#port}/`;
  }

  /** From now on these files are served, a new build say. */
  replace({ folder = this.#folder, overrides = this.#overrides, headers = this.#headers }) {
    this.#folder = folder;
    this.#overrides = overrides;
    this.#headers = headers;
  }

  async #answer(request, response) {
    const { pathname } = new URL(request.url, this.url);
    this.requests.push(pathname);
    const path = normalize(pathname.endsWith('/') ? `${pathname}index.html` : pathname);
    const content = this.#overrides[path] ?? await readFile(join(this.#folder, path)).catch(() => null);
    if (content === null) {
      response.writeHead(404).end();
      return;
    }
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    const headers = { 'content-type': type, 'cache-control': 'no-cache', ...this.#headers };
    response.writeHead(200, headers).end(content);
  }

  /** The server is gone; `startAgain` brings it back where it was. */
  async stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** As a scene ends its server. */
  discard() {
    return this.stop();
  }
}
