import { ConfigurableModuleBuilder, Module } from '@nestjs/common';
import { AccessTokens } from './access-tokens.service';
import { Settings, type TandemVerifierOptions } from './options';
import { Revocations } from './revocations.service';
import { TandemClient } from './tandem-client.service';
import { TandemGuard } from './tandem.guard';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
  new ConfigurableModuleBuilder<TandemVerifierOptions>({ moduleName: 'TandemVerifier' })
    .setClassMethodName('forRoot')
    .setExtras({}, (definition) => ({ ...definition, global: true }))
    .build();

/** `forRoot(options)` and `forRootAsync({ imports, inject, useFactory })`. Global: any module's controllers can be guarded. */
@Module({
  providers: [
    {
      provide: Settings,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: (options: TandemVerifierOptions) => new Settings(options),
    },
    AccessTokens,
    Revocations,
    TandemClient,
    TandemGuard,
  ],
  exports: [AccessTokens, Revocations, TandemClient, TandemGuard],
})
export class TandemVerifierModule extends ConfigurableModuleClass {}
