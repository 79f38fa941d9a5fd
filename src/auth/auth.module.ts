import { Global, Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { CodesModule } from '../codes/codes.module';
import { SessionsModule } from '../sessions/sessions.module';
import { UsersModule } from '../users/users.module';
import { AccessTokenStrategy } from './access-token.strategy';
import { CredentialQueries } from './credential.queries';
import { DeviceQueries } from './device.queries';
import { LoginQueries } from './login.queries';
import { GrantsService } from './grants.service';
import { HooksService } from './hooks.service';
import { CodeLoginService } from './methods/code-login.service';
import { CodeRequestService } from './methods/code-request.service';
import { PasswordLoginService } from './methods/password-login.service';
import { PasswordChangeService } from './password-change.service';
import { RecentLoginService } from './recent-login.service';
import { RefreshClientsService } from './refresh-clients.service';
import { RefreshRetriesService } from './refresh-retries.service';
import { RefreshService } from './refresh.service';
import { RefreshQueries } from './refresh.queries';
import { RefreshTokenStrategy } from './refresh-token.strategy';
import { RotationService } from './rotation.service';
import { TokenKeysService } from './keys/token-keys.service';
import { TokenPairsService } from './token-pairs.service';
import { TokenService } from './token.service';
import { VerifiedTokensService } from './verified-tokens.service';
import { TokenStrategies } from './token-strategies';

const SERVICES = [
  AccessTokenStrategy,
  CodeLoginService,
  CodeRequestService,
  CredentialQueries,
  DeviceQueries,
  GrantsService,
  HooksService,
  LoginQueries,
  PasswordChangeService,
  PasswordLoginService,
  RecentLoginService,
  RefreshClientsService,
  RefreshQueries,
  RefreshRetriesService,
  RefreshService,
  RefreshTokenStrategy,
  RotationService,
  TokenKeysService,
  TokenPairsService,
  TokenService,
  TokenStrategies,
  VerifiedTokensService,
];

/** Global, so that any module may say `@UseGuards(JwtAuthGuard)` and ask for users. Its routes, in modules of their own, take the rest. */
@Global()
@Module({
  imports: [CodesModule, JwtModule.register({}), SessionsModule, UsersModule],
  providers: SERVICES,
  exports: [...SERVICES, UsersModule],
})
export class AuthModule {}
