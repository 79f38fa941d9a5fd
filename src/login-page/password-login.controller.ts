import { Body, Get, HttpCode, HttpStatus, Post, Query, Req, Res } from '@nestjs/common';
import { Public } from '../auth/public.decorator';
import { ApiController } from '../contract/api-controller.decorator';
import { Form, type FormFields } from '../contract/form.decorator';
import type { Reply } from '../contract/reply';
import type { HttpRequest } from '../contract/request';
import { PageLoginsService } from './page-logins.service';
import { passwordPage } from './pages';
import { PagesService } from './pages.service';
import { VISIT } from './visit';

/** The other way in. */
@Public()
@ApiController('login/password')
export class PasswordLoginController {
  constructor(
    private readonly logins: PageLoginsService,
    private readonly pages: PagesService,
  ) {}

  @Get()
  show(
    @Req() request: HttpRequest,
    @Query() query: FormFields,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    const visit = this.pages.open(request, query, reply);
    if (!visit.isKnown) return this.pages.refuseLink(visit, reply);
    return passwordPage(this.pages.look, visit);
  }

  @Post()
  @HttpCode(HttpStatus.OK)
  @Form(...VISIT, 'name', 'password')
  async logIn(
    @Req() request: HttpRequest,
    @Body() typed: FormFields,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const visit = this.pages.open(request, typed, reply);
    const again = (error: string) => passwordPage(this.pages.look, visit, { error, typed });
    return this.pages.attempt(
      { request, visit, reply },
      async () => this.pages.leadBack(visit, reply, await this.logins.byPassword(request, typed)),
      again,
      (error) => again(this.pages.refuse(request, reply, error, visit)),
    );
  }
}
