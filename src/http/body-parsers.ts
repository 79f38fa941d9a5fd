import type { FastifyBodyParser, FastifyContextConfig, FastifyInstance } from 'fastify';
import { ApiException } from '../common/errors';
import { WITHOUT_BODY } from '../contract/api-controller.decorator';
import { FORM } from '../contract/form.decorator';
import { RAW_BODY_LIMIT } from '../contract/raw-body.decorator';
import type { RouteConfig } from '../contract/route-config';
import { parseFormBody } from './form-body';
import { parseJsonBody } from './json-body';

declare module 'fastify' {
  interface FastifyContextConfig extends RouteConfig {
    /** The parameters of the form that the route takes. */
    form?: readonly string[];
    isWithoutBody?: boolean;
  }
  interface FastifyRequest {
    rawBody?: Buffer;
  }
}

/** JSON everywhere, and forms on the routes whose RFC asks for them; of routes that take no body none is read. */
export function acceptBodies(fastify: FastifyInstance): void {
  const asBuffer = { parseAs: 'buffer' } as const;
  fastify.addHook('onRoute', (route) => {
    const form = Reflect.getMetadata(FORM, route.handler);
    const isWithoutBody = Reflect.hasMetadata(WITHOUT_BODY, route.handler);
    if (route.config?.isRaw) route.bodyLimit = RAW_BODY_LIMIT;
    route.config = { ...route.config, ...(form && { form }), isWithoutBody };
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', asBuffer, parsingWith(parseJsonBody));
  fastify.addContentTypeParser(
    'application/x-www-form-urlencoded',
    asBuffer,
    parsingWith((body, { form }) => (form ? parseFormBody(body, form) : refuseAnyByte(body))),
  );
  fastify.addContentTypeParser('*', asBuffer, parsingWith(refuseAnyByte));
}

/** An empty body may have any content type and coding. */
function refuseAnyByte(body: Buffer): undefined {
  if (body.length > 0) throw new ApiException('UNSUPPORTED_MEDIA_TYPE');
}

function parsingWith(
  parse: (body: Buffer, config: FastifyContextConfig) => unknown,
): FastifyBodyParser<Buffer> {
  return (request, body, done) => {
    const { config } = request.routeOptions;
    if (config.isRaw) request.rawBody = body;
    else if (config.isWithoutBody) return done(null);
    try {
      if (request.headers['content-encoding'] !== undefined) refuseAnyByte(body);
      done(null, config.isRaw ? undefined : parse(body, config));
    } catch (error) {
      done(error as Error);
    }
  };
}
