import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { CodesModule } from '../codes/codes.module';
import { SessionsModule } from '../sessions/sessions.module';
import { UsersModule } from '../users/users.module';
import { AccessTokenStrategy } from './access-token.strategy';
import { AuthController } from './auth.controller';
import { AuthService } from './auth.service';
import { CaptchaController } from './captcha.controller';
import { LoginStatements } from './login-statements';
import { GrantsService } from './grants.service';
import { JwtAuthGuard } from './jwt-auth.guard';
import { JwksController } from './keys/jwks.controller';
import { PasswordController } from './password.controller';
import { RefreshService } from './refresh.service';
import { RefreshStatements } from './refresh-statements';
import { RefreshTokenStrategy } from './refresh-token.strategy';
import { ServicesController } from './services.controller';
import { SessionsController } from './sessions.controller';
import { TokenKeys } from './keys/token-keys';
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
    SessionsController,
    UsersController,
  ],
  providers: [
    AccessTokenStrategy,
    AuthService,
    GrantsService,
    LoginStatements,
    RefreshService,
    RefreshStatements,
    RefreshTokenStrategy,
    TokenKeys,
    TokenService,
    VerifiedTokens,
    { provide: APP_GUARD, useClass: JwtAuthGuard },
  ],
  exports: [GrantsService, VerifiedTokens],
})
export class AuthModule {}
