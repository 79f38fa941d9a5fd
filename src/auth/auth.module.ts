import { Global, Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module';
import { RefusalsModule } from '../audit/refusals.module';
import { CodesModule } from '../codes/codes.module';
import { EventsModule } from '../events/events.module';
import { SessionsModule } from '../sessions/sessions.module';
import { PauseEventsService } from '../sms/pause-events.service';
import { SmsModule } from '../sms/sms.module';
import { UsersModule } from '../users/users.module';
import { AccessTokenStrategy } from './access-token.strategy';
import { ClientConfigService } from './client-config.service';
import { CodeGrantsService } from './code-grants.service';
import { CookieAnswersService } from './cookies/cookie-answers.service';
import { EarlierSessionsService } from './cookies/earlier-sessions.service';
import { RefreshCookiesService } from './cookies/refresh-cookies.service';
import { CredentialQueries } from './credential.queries';
import { DataSubjectsService } from './deletion/data-subjects.service';
import { DeletionCodesService } from './deletion/deletion-codes.service';
import { DeletionService } from './deletion/deletion.service';
import { ErasureJobService } from './deletion/erasure-job.service';
import { ErasureService } from './deletion/erasure.service';
import { OperatorTracesService } from './deletion/operator-traces.service';
import { UserExportService } from './deletion/user-export.service';
import { DeviceQueries } from './device.queries';
import { GrantsService } from './grants.service';
import { HooksService } from './hooks.service';
import { PreparedJwtService } from './keys/prepared-jwt.service';
import { TokenKeysService } from './keys/token-keys.service';
import { LoginMarksService } from './login-marks.service';
import { LoginQueries } from './login.queries';
import { CodeLoginService } from './methods/code-login.service';
import { CodeRequestService } from './methods/code-request.service';
import { PasswordLoginService } from './methods/password-login.service';
import { ClaimTicketsService } from './mobile-changes/claim-tickets.service';
import { MobileChangeJobsService } from './mobile-changes/mobile-change-jobs.service';
import { MobileChangeRequestsService } from './mobile-changes/mobile-change-requests.service';
import { MobileChangesService } from './mobile-changes/mobile-changes.service';
import { NumberClaimsService } from './mobile-changes/number-claims.service';
import { NumberMovesService } from './mobile-changes/number-moves.service';
import { OrderedChangesService } from './mobile-changes/ordered-changes.service';
import { NoticeMessagesService } from './notice-messages.service';
import { NoticePurgeService } from './notice-purge.service';
import { OwnChangesService } from './own-changes.service';
import { OwnPasswordService } from './own-password.service';
import { PasswordChangeService } from './password-change.service';
import { PasswordGrantsService } from './password-grants.service';
import { RecentLoginService } from './recent-login.service';
import { DetachmentsService } from './recycled-numbers/detachments.service';
import { DormancyService } from './recycled-numbers/dormancy.service';
import { InheritancesService } from './recycled-numbers/inheritances.service';
import { NumberLookupService } from './recycled-numbers/number-lookup.service';
import { NumberQuestionsService } from './recycled-numbers/number-questions.service';
import { ReassignmentsService } from './recycled-numbers/reassignments.service';
import { ReleasedNumbersService } from './recycled-numbers/released-numbers.service';
import { RefreshClientsService } from './refresh-clients.service';
import { RefreshRetriesService } from './refresh-retries.service';
import { RefreshTokenStrategy } from './refresh-token.strategy';
import { RefreshQueries } from './refresh.queries';
import { RefreshService } from './refresh.service';
import { RegistrationQueries } from './registration.queries';
import { RepeatedLoginQueries } from './repeated-login.queries';
import { RepeatedLoginsService } from './repeated-logins.service';
import { RolesGuard } from './roles.guard';
import { RotationService } from './rotation.service';
import { StepUpQueries } from './step-up.queries';
import { StepUpService } from './step-up.service';
import { SurplusSessionQueries } from './surplus-session.queries';
import { TokenPairsService } from './token-pairs.service';
import { TokenStrategies } from './token-strategies';
import { TokenService } from './token.service';
import { UserOperationsService } from './user-operations.service';
import { UserRolesService } from './user-roles.service';
import { VerifiedRefreshTokensService } from './verified-refresh-tokens.service';
import { VerifiedTokensService } from './verified-tokens.service';

const SERVICES = [
  AccessTokenStrategy,
  ClaimTicketsService,
  ClientConfigService,
  CodeGrantsService,
  CodeLoginService,
  CodeRequestService,
  CookieAnswersService,
  CredentialQueries,
  DataSubjectsService,
  DeletionCodesService,
  DeletionService,
  DetachmentsService,
  DeviceQueries,
  DormancyService,
  EarlierSessionsService,
  ErasureService,
  GrantsService,
  HooksService,
  InheritancesService,
  LoginMarksService,
  LoginQueries,
  MobileChangeRequestsService,
  MobileChangesService,
  NumberClaimsService,
  NumberLookupService,
  NumberMovesService,
  NumberQuestionsService,
  OperatorTracesService,
  OrderedChangesService,
  OwnChangesService,
  OwnPasswordService,
  PasswordChangeService,
  PasswordGrantsService,
  PasswordLoginService,
  ReassignmentsService,
  RecentLoginService,
  RefreshClientsService,
  RefreshCookiesService,
  RefreshQueries,
  RefreshRetriesService,
  RefreshService,
  RefreshTokenStrategy,
  RegistrationQueries,
  ReleasedNumbersService,
  RepeatedLoginQueries,
  RepeatedLoginsService,
  RolesGuard,
  RotationService,
  StepUpQueries,
  StepUpService,
  SurplusSessionQueries,
  TokenKeysService,
  TokenPairsService,
  TokenService,
  TokenStrategies,
  UserExportService,
  UserOperationsService,
  UserRolesService,
  VerifiedRefreshTokensService,
  VerifiedTokensService,
];

/** Global, so that any module may say `@UseGuards(JwtAuthGuard)` and ask for users. Its routes, in modules of their own, take the rest. */
@Global()
@Module({
  imports: [
    AuditModule,
    CodesModule,
    EventsModule,
    RefusalsModule,
    SessionsModule,
    SmsModule,
    UsersModule,
  ],
  providers: [
    ...SERVICES,
    ErasureJobService,
    MobileChangeJobsService,
    NoticeMessagesService,
    NoticePurgeService,
    PauseEventsService,
    PreparedJwtService,
  ],
  exports: [...SERVICES, UsersModule],
})
export class AuthModule {}
