import { type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import classTransformer = require('class-transformer');
import classValidator = require('class-validator');
import { ApiException } from '../common/errors';
import { CompiledRules } from './compiled-rules';

class BodyPipe extends ValidationPipe {
  /** What has passed: the server has this pipe for every controller, and those of Tandem bring it along. */
  private readonly passed = new WeakSet<object>();
  private readonly rules = new Map<Function, CompiledRules | null>();

  /** Nest would take a missing body for an empty object, and let a list pass as it is. */
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // What a decorator of ours made of the request, like `@CurrentUser()`.
    if (metadata.type === 'custom') return value;
    const isObject = typeof value === 'object' && value !== null;
    if (isObject && this.passed.has(value)) return value;
    if (metadata.type === 'body' && (!isObject || Array.isArray(value))) {
      throw new ApiException('VALIDATION_FAILED', { message: ['the body must be a JSON object'] });
    }
    const result: unknown =
      (isObject && this.accepted(value, metadata)) || (await super.transform(value, metadata));
    if (typeof result === 'object' && result !== null) this.passed.add(result);
    return result;
  }

  /** Only says yes: what breaks a rule is told by class-validator. */
  private accepted(body: object, { type, metatype }: ArgumentMetadata): object | null {
    if (type !== 'body' || !metatype) return null;
    let rules = this.rules.get(metatype);
    if (rules === undefined) this.rules.set(metatype, (rules = CompiledRules.of(metatype)));
    return rules?.accept(body) ?? null;
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
