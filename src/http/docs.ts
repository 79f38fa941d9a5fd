import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, getSchemaPath, SwaggerModule } from '@nestjs/swagger';
import { ErrorDto } from '../common/error.dto';
import { ERRORS } from '../common/errors';
import type { Env } from '../config/env';

/** The routes of the page. */
export const DOCS_PAGES: ReadonlySet<string> = new Set(['/docs', '/docs/', '/docs/index.html']);

/** The OpenAPI document at `/docs-json`, and a page to read and try it at `/docs`. */
export function serveDocs(app: NestFastifyApplication, env: Env): void {
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
      schema: { $ref: getSchemaPath(ErrorDto) },
    });
  if (env.PUBLIC_URL) builder.addServer(env.PUBLIC_URL);
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, builder.build()), {
    jsonDocumentUrl: 'docs-json',
  });
}

function bearer(description: string) {
  return { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description } as const;
}
