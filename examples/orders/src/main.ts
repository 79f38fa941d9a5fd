import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { OrdersModule } from './orders.module';

async function main(): Promise<void> {
  const { TANDEM_URL = 'http://127.0.0.1:3000', TANDEM_CLIENT = '', PORT = '3001' } = process.env;
  const root = OrdersModule.forRoot({ url: TANDEM_URL, client: TANDEM_CLIENT });
  const app = await NestFactory.create(root, new FastifyAdapter());
  app.enableShutdownHooks();
  await app.listen(Number(PORT));
}

void main();
