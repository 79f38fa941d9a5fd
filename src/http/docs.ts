import { HttpException, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ERROR_SCHEMA } from '../contract/error.dto';
import { ERRORS } from '../common/errors';
import type { Env } from '../config/env';
import swagger = require('./late-swagger');

/** The routes of the page. */
export const DOCS_PAGES: ReadonlySet<string> = new Set(['/docs', '/docs/', '/docs/index.html']);

const DOCS = [...DOCS_PAGES, '/docs/:file', '/docs-json', '/docs-yaml'];
/** What a server says of its own connection. */
const OF_CONNECTION = ['connection', 'date', 'keep-alive', 'transfer-encoding'];

@Module({})
class DocsModule {}

/**
 * The OpenAPI document at `/docs-json`, and a page to read and try it at `/docs`. An application of their own
 * serves them, which starts when it is first asked.
 */
export function serveDocs(app: NestFastifyApplication, env: Env): void {
  let docs: Promise<FastifyInstance> | undefined;
  /** What failed may work the next time. */
  const started = () =>
    (docs ??= startDocs(app, env).catch((error: unknown) => {
      docs = undefined;
      throw error;
    }));
  const answer = async ({ url, headers }: FastifyRequest, reply: FastifyReply) => {
    const response = await (await started()).inject({ url, headers, payloadAsStream: true });
    const { statusCode, statusMessage } = response;
    if (statusCode >= 400) throw new HttpException(statusMessage, statusCode);
    for (const name of OF_CONNECTION) delete response.headers[name];
    // When a client hangs up, this stream is closed, but not the file that it is read from.
    const content = response.stream().once('close', () => response.raw.res.destroy());
    return reply.code(statusCode).headers(response.headers).send(content);
  };
  for (const route of DOCS) app.getHttpAdapter().getInstance().get(route, answer);
}

async function startDocs(app: NestFastifyApplication, env: Env): Promise<FastifyInstance> {
  const { SwaggerModule } = swagger.load();
  const docs = await NestFactory.create<NestFastifyApplication>(DocsModule, new FastifyAdapter(), {
    abortOnError: false,
  });
  const document = SwaggerModule.createDocument(app, contentsFor(env));
  SwaggerModule.setup('docs', docs, document, { jsonDocumentUrl: 'docs-json' });
  const fastify = docs.getHttpAdapter().getInstance();
  await fastify.ready();
  return fastify;
}

function contentsFor({ PUBLIC_URL }: Env) {
  const { DocumentBuilder } = swagger.load();
  const builder = new DocumentBuilder()
    .setTitle('Tandem')
    .setDescription('Phone-first authentication: a code by SMS in, two tokens out.')
    .setVersion('0.1.0')
    .addBearerAuth(bearer('Opens guarded routes.'), 'access-token')
    .addBearerAuth(bearer('Gets the next access token, and nothing else.'), 'refresh-token')
    .addBasicAuth(
      { type: 'http', scheme: 'basic', description: 'One of `SERVICE_CLIENTS`.' },
      'service-client',
    )
    .addGlobalResponse({
      status: 500,
      description: `\`INTERNAL\`: ${ERRORS.INTERNAL[1]}`,
      schema: ERROR_SCHEMA,
    });
  if (PUBLIC_URL) builder.addServer(PUBLIC_URL);
  return builder.build();
}

function bearer(description: string) {
  return { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description } as const;
}
