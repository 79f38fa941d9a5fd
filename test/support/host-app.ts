import { randomUUID } from 'node:crypto';
import {
  type INestApplication,
  Module,
  type ModuleMetadata,
  type Provider,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from 'express-adapter';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { isOfServer } from '../../src/config/tandem-env';
import { TandemModule } from '../../src/tandem.module';
import type { TandemConfiguration, TandemSettings } from '../../src/tandem-options';

export const ADAPTERS = ['Express', 'Fastify'] as const;
export type Adapter = (typeof ADAPTERS)[number];

export interface Host extends TandemSettings, Pick<TandemConfiguration, 'dataSource'> {
  adapter: Adapter;
  controllers?: Type[];
  providers?: Provider[];
  /** What Tandem itself imports, by `forRootAsync`. */
  imports?: ModuleMetadata['imports'];
  /** What the host sets up before it listens. */
  prepare?: (nest: INestApplication) => void;
}

/** The application of somebody else, with Tandem in it when there are variables for it. */
export async function startHost(
  { adapter, controllers = [], providers = [], prepare, ...host }: Host,
  env?: Record<string, string>,
): Promise<INestApplication> {
  const imports = env ? [tandemOf(host, env)] : [];
  @Module({ controllers, providers, imports })
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

function tandemOf(
  { imports, dataSource, ...settings }: Omit<Host, 'adapter'>,
  env: Record<string, string>,
) {
  const options = { ...optionsOf(env), dataSource };
  return imports
    ? TandemModule.forRootAsync({ ...settings, imports, useFactory: () => options })
    : TandemModule.forRoot({ ...options, ...settings });
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
