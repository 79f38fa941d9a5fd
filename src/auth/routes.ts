import { Module } from '@nestjs/common';
import { CodesModule } from '../codes/codes.module';
import { EventsModule } from '../events/events.module';
import { SessionsModule } from '../sessions/sessions.module';
import { SmsModule } from '../sms/sms.module';
import { UsersModule } from '../users/users.module';
import { AuthController } from './auth.controller';
import { CaptchaController } from './captcha.controller';
import { ClientConfigController } from './client-config.controller';
import { DeletionController } from './deletion.controller';
import { DevicesController } from './devices.controller';
import { EventsController } from './events.controller';
import { JwksController } from './keys/jwks.controller';
import { MobileChangesController } from './mobile-changes.controller';
import { NoticesController } from './notices.controller';
import { NumberClaimsController } from './number-claims.controller';
import { PasswordController } from './password.controller';
import { ServiceUsersController } from './service-users.controller';
import { ServicesController } from './services.controller';
import { SessionsController } from './sessions.controller';
import { SmsReceiptsController } from './sms-receipts.controller';
import { StepUpController } from './step-up.controller';
import { TermsController } from './terms.controller';
import { UsersController } from './users.controller';

/** `/auth`. The routes are modules of their own: a host may leave some out, and put them below a prefix. */
@Module({
  imports: [CodesModule, EventsModule, SessionsModule, UsersModule],
  controllers: [
    AuthController,
    CaptchaController,
    ClientConfigController,
    DevicesController,
    EventsController,
    NumberClaimsController,
    ServicesController,
    ServiceUsersController,
    SessionsController,
    StepUpController,
  ],
})
export class AuthRoutes {}

/** `/sms/receipts`. */
@Module({ imports: [SmsModule], controllers: [SmsReceiptsController] })
export class SmsRoutes {}

/** `/users`. */
@Module({
  imports: [UsersModule],
  controllers: [
    DeletionController,
    MobileChangesController,
    NoticesController,
    PasswordController,
    TermsController,
    UsersController,
  ],
})
export class UsersRoutes {}

/** `/.well-known/jwks.json`, where verifiers look for it. */
@Module({ controllers: [JwksController] })
export class JwksRoutes {}
