import { HttpException, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ERRORS } from '../common/errors';
import type { Env } from '../config/env';
import swagger = require('./late-swagger');

/** The routes of the page. */
export const DOCS_PAGES: ReadonlySet<string> = new Set(['/docs', '/docs/', '/docs/index.html']);

const DOCS = [...DOCS_PAGES, '/docs/*', '/docs-json', '/docs-yaml'];
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
  const answer = async ({ url, headers }: FastifyRequest, reply: FastifyReply) => {
    docs ??= startDocs(app, env);
    const response = await (await docs).inject({ url, headers, payloadAsStream: true });
    const { statusCode, statusMessage } = response;
    if (statusCode >= 400) throw new HttpException(statusMessage, statusCode);
    for (const name of OF_CONNECTION) delete response.headers[name];
    return reply.code(statusCode).headers(response.headers).send(response.stream());
  };
  for (const route of DOCS) app.getHttpAdapter().getInstance().get(route, answer);
}

async function startDocs(app: NestFastifyApplication, env: Env): Promise<FastifyInstance> {
  const { SwaggerModule } = swagger.load();
  const docs = await NestFactory.create<NestFastifyApplication>(DocsModule, new FastifyAdapter());
  SwaggerModule.setup('docs', docs, () => SwaggerModule.createDocument(app, contentsFor(env)), {
    jsonDocumentUrl: 'docs-json',
  });
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
      schema: { $ref: '#/components/schemas/ErrorDto' },
    });
  if (PUBLIC_URL) builder.addServer(PUBLIC_URL);
  return builder.build();
}

function bearer(description: string) {
  return { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description } as const;
}
