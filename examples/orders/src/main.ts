import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { OrdersModule } from './orders.module';
import { Settings } from './settings';

async function main(): Promise<void> {
  const settings = new Settings();
  const app = await NestFactory.create(OrdersModule.forRoot(settings), new FastifyAdapter());
  app.enableShutdownHooks();
  await app.listen(settings.port);
}

void main();
