import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiException } from '../common/errors';
import type { Env } from '../config/env';

/** Where the build puts them. */
const FOLDER = join(__dirname, '../../dist/docs');
/** The routes of the page, and from each the way to the page's files. */
const PAGES = { '/docs': './docs/', '/docs/': './', '/docs/index.html': './' };
const JAVASCRIPT = 'application/javascript; charset=utf-8';
/** Those of Swagger UI, with their types. */
const FILES = new Map([
  ['favicon-16x16.png', 'image/png'],
  ['favicon-32x32.png', 'image/png'],
  ['index.css', 'text/css; charset=utf-8'],
  ['swagger-initializer.js', JAVASCRIPT],
  ['swagger-ui-bundle.js', JAVASCRIPT],
  ['swagger-ui-standalone-preset.js', JAVASCRIPT],
  ['swagger-ui.css', 'text/css; charset=utf-8'],
]);

export const DOCS_PAGES: ReadonlySet<string> = new Set(Object.keys(PAGES));

/** The OpenAPI document at `/docs-json`, and Swagger UI at `/docs`, to read and try it. */
export function serveDocs(fastify: FastifyInstance, env: Env): void {
  fastify.get('/docs-json', async () => contractFor(env));
  // JSON is YAML, too.
  fastify.get('/docs-yaml', async (_, reply) => {
    return reply.type('text/yaml').send(JSON.stringify(await contractFor(env), null, 2));
  });
  for (const [page, way] of Object.entries(PAGES)) {
    fastify.get(page, async (_, reply) =>
      reply.type('text/html; charset=utf-8').send(await pageWith(way)),
    );
  }
  fastify.get('/docs/:file', sendFile);
  if (!env.isProduction) showTheWay(fastify, env);
}

/** To whoever starts the server, or opens its address. A controller at `/` comes first. */
function showTheWay(fastify: FastifyInstance, { PUBLIC_URL }: Env): void {
  fastify.addHook('onListen', function (done) {
    const { address, port } = this.server.address() as AddressInfo;
    const host = /^(0\.0\.0\.0|::)$/.test(address) ? 'localhost' : address;
    this.log.info(`API docs: ${PUBLIC_URL ?? `http://${host}:${port}`}/docs`);
    done();
  });
  fastify.addHook('preHandler', async ({ is404, method, url }, reply) => {
    if (is404 && url === '/' && ['GET', 'HEAD'].includes(method)) return reply.redirect('/docs');
    return undefined;
  });
}

async function contractFor({ PUBLIC_URL }: Env): Promise<object> {
  const contract = JSON.parse(await readFile(join(FOLDER, 'openapi.json'), 'utf8'));
  return { ...contract, servers: PUBLIC_URL ? [{ url: PUBLIC_URL }] : [] };
}

async function pageWith(way: string): Promise<string> {
  const page = await readFile(join(FOLDER, 'index.html'), 'utf8');
  return page.replaceAll(/(href|src)="(?:\.\/)?/g, `$1="${way}`);
}

/** Only names of the list, so that no path leads elsewhere. In pieces: clients may be many, and slow. */
async function sendFile(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { file } = request.params as { file: string };
  const type = FILES.get(file);
  if (!type) throw new ApiException('NOT_FOUND');
  const headers = { 'content-type': type, 'cache-control': 'public, max-age=3600' };
  return reply.headers(headers).send(createReadStream(join(FOLDER, file)));
}
