import type * as Swagger from '@nestjs/swagger';

/**
 * The decorators that describe the API, for the OpenAPI document of whoever has `@nestjs/swagger`: `openapi.json` is
 * made by it, and a host's own document includes our routes. Production goes without it: there they do nothing.
 */
export const {
  ApiBasicAuth,
  ApiBearerAuth,
  ApiConsumes,
  ApiExtraModels,
  ApiNotModifiedResponse,
  ApiOkResponse,
  ApiProduces,
  ApiProperty,
  ApiPropertyOptional,
  ApiResponse,
  ApiTags,
} = installed() ?? nothing();

function installed(): typeof Swagger | undefined {
  try {
    return require('@nestjs/swagger') as typeof Swagger;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'MODULE_NOT_FOUND' && message.includes('@nestjs/swagger')) return undefined;
    throw error;
  }
}

function nothing(): typeof Swagger {
  return new Proxy({}, { get: () => decorator }) as typeof Swagger;
}

function decorator() {
  return () => undefined;
}
