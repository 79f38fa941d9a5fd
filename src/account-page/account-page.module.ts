import { Module } from '@nestjs/common';
import { LoginPageModule } from '../login-page/login-page.module';
import { SessionsModule } from '../sessions/sessions.module';
import { UsersModule } from '../users/users.module';
import { AccountRepliesService } from './account-replies.service';
import { AccountSessionsService } from './account-sessions.service';
import { ConfirmController } from './confirm.controller';
import { DeletionPageController } from './deletion.controller';
import { ExportController } from './export.controller';
import { LoginsController } from './logins.controller';
import { NumberPageController } from './number.controller';
import { OverviewController } from './overview.controller';
import { OverviewsService } from './overviews.service';
import { PasswordPageController } from './password.controller';
import { AccountStyleController } from './style.controller';

/** `/account`, beside `/login`. */
@Module({
  imports: [LoginPageModule, SessionsModule, UsersModule],
  controllers: [
    AccountStyleController,
    ConfirmController,
    DeletionPageController,
    ExportController,
    LoginsController,
    NumberPageController,
    OverviewController,
    PasswordPageController,
  ],
  providers: [AccountRepliesService, AccountSessionsService, OverviewsService],
})
export class AccountPageModule {}
