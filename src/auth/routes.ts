import { Module } from '@nestjs/common';
import { CodesModule } from '../codes/codes.module';
import { SessionsModule } from '../sessions/sessions.module';
import { UsersModule } from '../users/users.module';
import { AuthController } from './auth.controller';
import { CaptchaController } from './captcha.controller';
import { DevicesController } from './devices.controller';
import { JwksController } from './keys/jwks.controller';
import { PasswordController } from './password.controller';
import { ServiceUsersController } from './service-users.controller';
import { ServicesController } from './services.controller';
import { SessionsController } from './sessions.controller';
import { UsersController } from './users.controller';

/** `/auth`. The routes are modules of their own: a host may leave some out, and put them below a prefix. */
@Module({
  imports: [CodesModule, SessionsModule, UsersModule],
  controllers: [
    AuthController,
    CaptchaController,
    DevicesController,
    ServicesController,
    ServiceUsersController,
    SessionsController,
  ],
})
export class AuthRoutes {}

/** `/users`. */
@Module({ imports: [UsersModule], controllers: [PasswordController, UsersController] })
export class UsersRoutes {}

/** `/.well-known/jwks.json`, where verifiers look for it. */
@Module({ controllers: [JwksController] })
export class JwksRoutes {}
