import { type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import classTransformer = require('class-transformer');
import classValidator = require('class-validator');
import { ApiException } from '../common/errors';

class BodyPipe extends ValidationPipe {
  /** Nest would take a missing body for an empty object. */
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // What a decorator of ours made of the request, like `@CurrentUser()`.
    if (metadata.type === 'custom') return value;
    if (metadata.type === 'body' && value === undefined) {
      throw new ApiException('VALIDATION_FAILED', { message: ['the body must be a JSON object'] });
    }
    return super.transform(value, metadata);
  }
}

/** Refuses what a DTO does not name, and lists everything that is wrong. */
export const bodyPipe = new BodyPipe({
  whitelist: true,
  forbidNonWhitelisted: true,
  transform: true,
  // Nest would import them as ES modules, for which Node reads all of their files once more.
  validatorPackage: classValidator,
  transformerPackage: classTransformer,
  exceptionFactory: (errors) =>
    new ApiException('VALIDATION_FAILED', {
      message: errors.flatMap(({ constraints }) => Object.values(constraints ?? {})),
    }),
});
