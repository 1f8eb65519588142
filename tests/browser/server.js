/** A file server for tests: several folders under paths of their own, faults on request, closed at once. */

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * @typedef {object} Server
 * @property {string} origin
 * @property {string[]} requests   paths asked for, in order
 * @property {() => Promise<void>} close
 *
 * @typedef {object} Fault   what to answer instead of the file
 * @property {boolean} [hang]   never answer
 * @property {number} [status]
 * @property {string} [type]
 * @property {Buffer | string} [body]
 */

/**
 * @param {Record<string, string>} mounts   folder by path: begins and ends with '/'; the longest that fits wins
 * @param {(path: string) => Fault | undefined} [fault]
 * @param {number} [port]   0 = any that is free
 * @returns {Promise<Server>}
 */
export async function startServer(mounts, fault = () => undefined, port = 0) {
  const bases = Object.keys(mounts).sort((a, b) => b.length - a.length);
  /** @type {string[]} */
  const requests = [];
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent((request.url ?? '/').split('?')[0]);
    requests.push(path);
    const answer = { ...(await file(bases, mounts, path)), ...fault(path) };
    if (answer.hang) return;
    response.writeHead(answer.status ?? 200, { 'content-type': answer.type, 'cache-control': 'no-cache' });
    response.end(answer.body);
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(undefined)));
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    origin: `http://127.0.0.1:${address.port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve(undefined));
        server.closeAllConnections();
      }),
  };
}

/** @param {string[]} bases @param {Record<string, string>} mounts @param {string} path */
async function file(bases, mounts, path) {
  const base = bases.find((candidate) => path.startsWith(candidate));
  const relative = base === undefined ? '' : normalize(`/${path.slice(base.length)}`);
  const name = relative.endsWith('/') ? `${relative}index.html` : relative;
  // Browsers ask for an icon by themselves where a page names none.
  if (path.endsWith('/favicon.ico')) return { status: 204, type: 'image/x-icon', body: '' };
  try {
    if (base === undefined) throw new Error('outside of every folder');
    const body = await readFile(join(mounts[base], name));
    return { status: 200, type: TYPES[extname(name)] ?? 'application/octet-stream', body };
  } catch {
    return { status: 404, type: 'text/plain', body: 'not found' };
  }
}
