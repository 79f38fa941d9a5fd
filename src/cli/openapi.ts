import { readFileSync, writeFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Command } from 'commander';
import { ApiException } from '../common/errors';
import { parseEnv } from '../config/load-env';
import { describeErrors } from '../contract/api-errors.decorator';
import { ERROR_SCHEMA } from '../contract/error.dto';
import { giveRequestExamples } from './request-examples';
import { ServerModule } from '../http/server.module';
import { Failure } from './failure';

export function openapi(tandem: Command): void {
  tandem
    .command('openapi')
    .description('Writes the OpenAPI document of the source, for development.')
    .argument('[file]', 'where to', 'openapi.json')
    .option('--check', 'write nothing, and fail when the file differs')
    .action(run);
}

async function run(file: string, { check }: { check?: true }): Promise<void> {
  const text = `${JSON.stringify(await describeApi(), null, 2)}\n`;
  if (!check) return writeFileSync(file, text);
  if (readFileSync(file, 'utf8') !== text) {
    throw new Failure(`${file} is not what the source says: npm run openapi writes it.`);
  }
}

/** In a preview nothing is connected, or even made: only what decorators say is read. */
async function describeApi(): Promise<object> {
  const { SwaggerModule } = swagger();
  const app = await NestFactory.create(
    ServerModule.forRoot(parseEnv({ JWT_SECRET: 'of no use, since nothing is signed' }), {}),
    new FastifyAdapter(),
    { preview: true, logger: false, abortOnError: false },
  );
  return giveRequestExamples(SwaggerModule.createDocument(app, frame()));
}

function swagger() {
  return require('@nestjs/swagger') as typeof import('@nestjs/swagger');
}

function frame() {
  const { DocumentBuilder } = swagger();
  return new DocumentBuilder()
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
      ...describeErrors([new ApiException('INTERNAL')]),
      schema: ERROR_SCHEMA,
    })
    .build();
}

function bearer(description: string) {
  return { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description } as const;
}
