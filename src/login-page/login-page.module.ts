import { Module } from '@nestjs/common';
import { ClaimsController } from './claims/claims.controller';
import { FormTokensService } from './form-tokens.service';
import { LoginPageController } from './login-page.controller';
import { PageAssetsController } from './page-assets.controller';
import { PageAssetsService } from './page-assets.service';
import { PageLoginsService } from './page-logins.service';
import { PagesService } from './pages.service';
import { VisitsService } from './visits.service';

/** `/login`, where `LOGIN_PAGE` is on. */
@Module({
  controllers: [ClaimsController, LoginPageController, PageAssetsController],
  providers: [FormTokensService, PageAssetsService, PageLoginsService, PagesService, VisitsService],
  exports: [PageLoginsService, PagesService],
})
export class LoginPageModule {}
