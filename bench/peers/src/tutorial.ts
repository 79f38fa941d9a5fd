import 'reflect-metadata';
import { Module, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Redis } from 'ioredis';
import { AuthController, AuthService } from './auth';
import { Profile, Session, User } from './entities';
import { AccessStrategy, RefreshStrategy, Tokens } from './tokens';

const { DATABASE_URL, REDIS_URL } = process.env;

@Module({
  imports: [
    JwtModule.register({}),
    PassportModule,
    TypeOrmModule.forRoot({
      type: 'mysql',
      url: DATABASE_URL,
      entities: [User, Profile, Session],
      poolSize: 16,
      supportBigNumbers: true,
      bigNumberStrings: true,
    }),
    TypeOrmModule.forFeature([User, Profile, Session]),
  ],
  controllers: [AuthController],
  providers: [
    AccessStrategy,
    AuthService,
    RefreshStrategy,
    Tokens,
    { provide: 'REDIS', useFactory: () => new Redis(REDIS_URL!) },
  ],
})
class AppModule {}

/** What tutorials teach, on the tables of Tandem: Express, passport-jwt, `findOne` and `save`. */
async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
  app.useGlobalPipes(new ValidationPipe());
  await app.listen(0, '127.0.0.1');
  process.send!(await app.getUrl());
}

void main();
