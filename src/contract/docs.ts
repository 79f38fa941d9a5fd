import { applyDecorators } from '@nestjs/common';
import type * as Swagger from '@nestjs/swagger';
import { getMetadataStorage } from 'class-validator';

type Options = Swagger.ApiPropertyOptions;

/**
 * The decorators that describe the API, for the OpenAPI document of whoever has `@nestjs/swagger`: `openapi.json` is
 * made by it, and a host's own document includes our routes. Production goes without it: there they do nothing.
 */
export const {
  ApiBasicAuth,
  ApiBearerAuth,
  ApiConsumes,
  ApiExtraModels,
  ApiHeader,
  ApiNotModifiedResponse,
  ApiOperation,
  ApiOkResponse,
  ApiProperty,
  ApiResponse,
  ApiTags,
} = installed() ?? nothing();

/** What a method does, and what it answers with when all goes well. */
export function Operation(summary: string, status?: number, type?: Function | [Function] | string) {
  const answer = status && [ApiResponse({ status, type, description: '' })];
  return applyDecorators(ApiOperation({ summary }), ...(answer || []));
}

/** What a field holds. Stands above the validators, whose limits it adds. */
export function Doc(...[text, more]: [string?, Options?] | [Options]): PropertyDecorator {
  const given = typeof text === 'string' ? { description: text, ...more } : text;
  return (target, key) =>
    ApiProperty({ ...limitsOf(target.constructor, String(key)), ...given })(target, key);
}

function limitsOf(type: Function, field: string): object {
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', true, false);
  const found = rules.filter(({ propertyName }) => propertyName === field);
  return Object.assign(
    {},
    ...found.map(({ name, type: kind, constraints }) => limitOf(name ?? kind, constraints)),
  );
}

function limitOf(rule: string, constraints?: unknown[]): object {
  const [first, second] = constraints ?? [];
  switch (rule) {
    case 'conditionalValidation':
    case 'isOptional':
      return { required: false };
    case 'isIn':
      return { enum: first };
    case 'isLength':
      return { minLength: first, maxLength: second };
    case 'matches':
      return { pattern: (first as RegExp).source };
    case 'maxLength':
      return { maxLength: first };
    default:
      return {};
  }
}

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
