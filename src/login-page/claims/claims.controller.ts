import { Body, HttpCode, HttpStatus, Post, Req, Res } from '@nestjs/common';
import { UndoDto } from '../../auth/dto/mobile-change.dto';
import { NumberClaimsService } from '../../auth/mobile-changes/number-claims.service';
import { Public } from '../../auth/public.decorator';
import type { ApiException } from '../../common/errors';
import { ApiController } from '../../contract/api-controller.decorator';
import { callerOfRequest } from '../../contract/caller.decorator';
import { Form, type FormFields } from '../../contract/form.decorator';
import type { Reply } from '../../contract/reply';
import type { HttpRequest } from '../../contract/request';
import { checked, PageLoginsService } from '../page-logins.service';
import { PagesService, type Posted } from '../pages.service';
import { VISIT } from '../visit';
import { outcomePage, type Question, questionPage, undonePage, waitingPage } from './claim-pages';

/** A form that was sent, and the question that it answers. */
interface Answered extends Posted {
  readonly question: Question;
}

/** The question is not to be answered any more: what is left is another code. */
const OVER: ReadonlySet<string | undefined> = new Set([
  'INVALID_CODE',
  'NUMBER_MOVED',
  'USER_DISABLED',
]);

/** What people answer whose right code was answered with a question: the ticket shows that they have proved the number. */
@Public()
@ApiController('login')
export class ClaimsController {
  constructor(
    private readonly claims: NumberClaimsService,
    private readonly logins: PageLoginsService,
    private readonly pages: PagesService,
  ) {}

  @Post('undo')
  @HttpCode(HttpStatus.OK)
  @Form(...VISIT, 'ticket')
  async undo(
    @Req() request: HttpRequest,
    @Body() fields: FormFields,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const { ticket = '', ...given } = fields;
    const visit = this.pages.open(request, given, reply);
    const question = { kind: 'moved', ticket } as const;
    return this.attempt({ request, reply, visit, question }, async () => {
      const undo = await checked(UndoDto, { ticket });
      const state = await this.claims.undo(undo, callerOfRequest(request));
      return undonePage(this.pages.look, visit, state === 'recovery');
    });
  }

  @Post('reassigned')
  @HttpCode(HttpStatus.OK)
  @Form(...VISIT, 'mine', 'password', 'terms_version', 'ticket')
  async answer(
    @Req() request: HttpRequest,
    @Body() fields: FormFields,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const { ticket = '', ...given } = fields;
    const visit = this.pages.open(request, given, reply);
    const question = { kind: 'reassigned', ticket } as const;
    return this.attempt({ request, reply, visit, question }, async () => {
      const cookies = await this.logins.byAnswer(request, visit, { ...given, ticket });
      return this.pages.leadBack(visit, reply, cookies);
    });
  }

  private attempt(answered: Answered, act: () => Promise<string>): Promise<string> {
    const { visit, question } = answered;
    const again = (sentence: string) => questionPage(this.pages.look, visit, question, sentence);
    return this.pages.attempt(answered, act, again, (error) => this.refuse(error, answered));
  }

  private refuse(error: ApiException, { request, reply, visit, question }: Answered): string {
    const sentence = this.pages.refuse(request, reply, error, visit);
    const { look } = this.pages;
    if (error.errorCode === 'NUMBER_CLAIM_WAITS') {
      const { available_at: until } = error.details as { available_at: Date };
      return waitingPage(look, visit, until);
    }
    if (OVER.has(error.errorCode)) return outcomePage(look, visit, sentence);
    return questionPage(look, visit, question, sentence);
  }
}
