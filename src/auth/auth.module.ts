import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { CodesModule } from '../codes/codes.module';
import { SessionsModule } from '../sessions/sessions.module';
import { UsersModule } from '../users/users.module';
import { AccessTokenStrategy } from './access-token.strategy';
import { AuthController } from './auth.controller';
import { CaptchaController } from './captcha.controller';
import { LoginQueries } from './login.queries';
import { GrantsService } from './grants.service';
import { JwtAuthGuard } from './jwt-auth.guard';
import { JwksController } from './keys/jwks.controller';
import { CodeLoginService } from './methods/code-login.service';
import { CodeRequestService } from './methods/code-request.service';
import { PasswordLoginService } from './methods/password-login.service';
import { PasswordChangeService } from './password-change.service';
import { PasswordController } from './password.controller';
import { RecentLoginService } from './recent-login.service';
import { RefreshService } from './refresh.service';
import { RefreshQueries } from './refresh.queries';
import { RefreshTokenStrategy } from './refresh-token.strategy';
import { RotationService } from './rotation.service';
import { ServicesController } from './services.controller';
import { ServiceUsersController } from './service-users.controller';
import { SessionsController } from './sessions.controller';
import { TokenKeys } from './keys/token-keys';
import { TokenPairsService } from './token-pairs.service';
import { TokenService } from './token.service';
import { UsersController } from './users.controller';
import { VerifiedTokens } from './verified-tokens';

/** Global, so that any module may say `@UseGuards(JwtAuthGuard)`. */
@Global()
@Module({
  imports: [CodesModule, JwtModule.register({}), SessionsModule, UsersModule],
  controllers: [
    AuthController,
    CaptchaController,
    JwksController,
    PasswordController,
    ServicesController,
    ServiceUsersController,
    SessionsController,
    UsersController,
  ],
  providers: [
    AccessTokenStrategy,
    CodeLoginService,
    CodeRequestService,
    GrantsService,
    LoginQueries,
    PasswordChangeService,
    PasswordLoginService,
    RecentLoginService,
    RefreshService,
    RefreshQueries,
    RefreshTokenStrategy,
    RotationService,
    TokenKeys,
    TokenPairsService,
    TokenService,
    VerifiedTokens,
    { provide: APP_GUARD, useClass: JwtAuthGuard },
  ],
  exports: [GrantsService, VerifiedTokens],
})
export class AuthModule {}
