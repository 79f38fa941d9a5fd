import { type ArgumentMetadata, type DynamicModule, Module, ValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import classTransformer = require('class-transformer');
import classValidator = require('class-validator');
import { AuthModule } from './auth/auth.module';
import { ApiException } from './common/errors';
import { ConfigModule } from './config/config.module';
import type { Env } from './config/env';
import { ErrorFilter } from './http/error.filter';
import { ObservabilityModule } from './observability/observability.module';
import { OpsModule } from './ops/ops.module';
import { StorageModule } from './storage/storage.module';

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
const validationPipe = new BodyPipe({
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

@Module({})
export class AppModule {
  static forRoot(env: Env): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(env),
        ObservabilityModule,
        StorageModule.forRoot(env),
        AuthModule,
        OpsModule,
      ],
      providers: [
        { provide: APP_FILTER, useClass: ErrorFilter },
        { provide: APP_PIPE, useValue: validationPipe },
      ],
    };
  }
}
