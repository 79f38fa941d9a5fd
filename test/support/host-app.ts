import { randomUUID } from 'node:crypto';
import { type INestApplication, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from 'express-adapter';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { isOfServer } from '../../src/config/tandem-env';
import { TandemModule } from '../../src/tandem.module';
import type { TandemSettings } from '../../src/tandem-options';

export const ADAPTERS = ['Express', 'Fastify'] as const;
export type Adapter = (typeof ADAPTERS)[number];

export interface Host extends TandemSettings {
  adapter: Adapter;
  controllers?: Type[];
  /** What the host sets up before it listens. */
  prepare?: (nest: INestApplication) => void;
}

/** The application of somebody else, with Tandem in it when there are variables for it. */
export async function startHost(
  { adapter, controllers = [], prepare, ...settings }: Host,
  env?: Record<string, string>,
): Promise<INestApplication> {
  const imports = env ? [TandemModule.forRoot({ ...optionsOf(env), ...settings })] : [];
  @Module({ controllers, imports })
  class HostModule {}
  const nest = await create(adapter, HostModule, Number(env?.TRUST_PROXY ?? 0));
  prepare?.(nest);
  try {
    await nest.listen(0, '127.0.0.1');
  } catch (error) {
    await nest.close();
    throw error;
  }
  return nest;
}

function optionsOf(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isOfServer(name)));
}

async function create(adapter: Adapter, root: Type, hops: number): Promise<INestApplication> {
  const options = { logger: false, abortOnError: false } as const;
  if (adapter === 'Fastify') {
    const fastify = new FastifyAdapter({
      genReqId: () => randomUUID(),
      trustProxy: (_: string, hop: number) => hop < hops,
    });
    return NestFactory.create<NestFastifyApplication>(root, fastify, options);
  }
  const express = await NestFactory.create<NestExpressApplication>(
    root,
    new ExpressAdapter(),
    options,
  );
  express.set('trust proxy', hops);
  return express;
}
