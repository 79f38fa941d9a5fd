import { Module } from '@nestjs/common';
import { CodesModule } from '../codes/codes.module';
import { ClaimsController } from './claims/claims.controller';
import { FormTokensService } from './form-tokens.service';
import { LoginPageController } from './login-page.controller';
import { PageAssetsController } from './page-assets.controller';
import { PageAssetsService } from './page-assets.service';
import { PageCaptchasService } from './page-captchas.service';
import { PageLoginsService } from './page-logins.service';
import { PagesService } from './pages.service';
import { PasswordLoginController } from './password-login.controller';
import { VisitsService } from './visits.service';

/** `/login`, where `LOGIN_PAGE` is on. */
@Module({
  imports: [CodesModule],
  controllers: [
    ClaimsController,
    LoginPageController,
    PageAssetsController,
    PasswordLoginController,
  ],
  providers: [
    FormTokensService,
    PageAssetsService,
    PageCaptchasService,
    PageLoginsService,
    PagesService,
    VisitsService,
  ],
  exports: [PageCaptchasService, PageLoginsService, PagesService],
})
export class LoginPageModule {}
