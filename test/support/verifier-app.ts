import {
  Controller,
  type DynamicModule,
  Get,
  Inject,
  Module,
  Param,
  UseGuards,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from 'express-adapter';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  CurrentUser,
  type Principal,
  Public,
  TandemClient,
  TandemGuard,
  TandemVerifierModule,
  type TandemVerifierOptions,
} from '@tandem/verifier';
import { Client } from './client';
import { SERVICE } from './service-client';

export type Adapter = 'Express' | 'Fastify';

@Controller()
@UseGuards(TandemGuard)
class ServiceController {
  constructor(@Inject(TandemClient) private readonly tandem: TandemClient) {}

  @Get('caller')
  caller(@CurrentUser() caller: Principal): Principal {
    return caller;
  }

  @Public()
  @Get('public')
  open(): string {
    return 'open';
  }

  @Get('people/:id')
  async person(@Param('id') id: string): Promise<object> {
    return { user: await this.tandem.getUser(id) };
  }
}

interface Started extends AsyncDisposable {
  client: Client;
  close(): Promise<void>;
}

/** A service of somebody else that trusts the Tandem at `url`. */
export async function startService(
  options: Partial<TandemVerifierOptions> & { url: string },
  adapter: Adapter = 'Fastify',
): Promise<Started> {
  return startServiceWith(TandemVerifierModule.forRoot({ client: SERVICE, ...options }), adapter);
}

export async function startServiceWith(
  verifier: DynamicModule,
  adapter: Adapter = 'Fastify',
): Promise<Started> {
  @Module({ imports: [verifier], controllers: [ServiceController] })
  class ServiceModule {}
  const server = adapter === 'Express' ? new ExpressAdapter() : new FastifyAdapter();
  const nest = await NestFactory.create(ServiceModule, server, {
    logger: false,
    abortOnError: false,
  });
  await nest.listen(0, '127.0.0.1');
  const close = () => nest.close();
  return { client: new Client(await nest.getUrl()), close, [Symbol.asyncDispose]: close };
}
