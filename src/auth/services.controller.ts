import { createHash } from 'node:crypto';
import {
  Body,
  Get,
  Headers,
  HttpCode,
  HttpStatus,
  Post,
  Query,
  Res,
  UseGuards,
} from '@nestjs/common';
import { byService } from '../audit/change';
import { originOf } from '../audit/origin';
import {
  ApiBasicAuth,
  ApiConsumes,
  ApiNotModifiedResponse,
  ApiOkResponse,
  ApiTags,
  Operation,
} from '../contract/docs';
import { ApiController } from '../contract/api-controller.decorator';
import { ApiErrors, BODY_ERRORS, malformed } from '../contract/api-errors.decorator';
import { type Caller, CurrentCaller } from '../contract/caller.decorator';
import type { Principal } from '../contract/current-user.decorator';
import { Form } from '../contract/form.decorator';
import { isNamedBy } from '../contract/if-none-match';
import type { Reply } from '../contract/reply';
import { type EndedSession, RevocationFeedService } from '../sessions/revocation-feed.service';
import { SessionsService } from '../sessions/sessions.service';
import { accessPrincipal, refreshPrincipal } from './claims';
import {
  IntrospectionDto,
  RevocationsDto,
  RevocationsQueryDto,
  TokenFormDto,
} from './dto/introspection.dto';
import { CurrentService } from './current-service.decorator';
import { Public } from './public.decorator';
import { NeedsScope, ServiceClientGuard } from './service-client.guard';
import { TokenService } from './token.service';

/** The parameters of RFC 7662 and RFC 7009 that matter here. */
const TOKEN_FORM = ['token', 'token_type_hint'];

/** For other services, which authenticate as one of `SERVICE_CLIENTS`. */
@ApiTags('services')
@ApiBasicAuth('service-client')
@ApiErrors('INVALID_CLIENT', 'FORBIDDEN', 'UNAVAILABLE')
@Public()
@NeedsScope('introspect')
@UseGuards(ServiceClientGuard)
@ApiController('auth')
export class ServicesController {
  constructor(
    private readonly feed: RevocationFeedService,
    private readonly sessions: SessionsService,
    private readonly tokens: TokenService,
  ) {}

  @Operation('Whether an access token is valid at this moment (RFC 7662).', 200, IntrospectionDto)
  @Post('introspect')
  @HttpCode(HttpStatus.OK)
  @Form(...TOKEN_FORM)
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiErrors(...BODY_ERRORS)
  async introspect(@Body() { token }: TokenFormDto): Promise<IntrospectionDto> {
    const claims = this.tokens.verify('access', token);
    const principal = claims && accessPrincipal(claims);
    if (!principal || !(await this.sessions.findLive(principal))) return { active: false };
    const { refresh: _, ...told } = claims;
    return { active: true, token_type: 'Bearer', ...told };
  }

  @Operation(
    "Ends the session of a token (RFC 7009). A token that is not valid is none of the caller's trouble.",
    200,
  )
  @Post('revoke')
  @HttpCode(HttpStatus.OK)
  @Form(...TOKEN_FORM)
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiErrors(...BODY_ERRORS)
  async revoke(
    @Body() { token }: TokenFormDto,
    @CurrentService() service: string,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    const principal = this.holderOf(token);
    const by = { actor: byService(service), origin: originOf(caller) };
    if (principal) await this.sessions.end(principal, { ...by, reason: 'revoked' });
  }

  @Operation(
    'The sessions that ended since a cursor, oldest first, for services that verify access tokens offline. Without a cursor it begins with all that an access token may still belong to. 304 means that nothing was added: the reader keeps the cursor it has.',
  )
  @Get('revocations')
  @ApiOkResponse({ type: RevocationsDto })
  @ApiNotModifiedResponse({ description: 'Nothing was added.' })
  @ApiErrors(malformed('after must be a cursor of an earlier answer'))
  async revocations(
    @Query() { after }: RevocationsQueryDto,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<RevocationsDto | undefined> {
    const { ended, cursor, more } = await this.feed.read(after);
    const etag = etagOf(ended);
    reply.header('etag', etag);
    if (known && isNamedBy(known, etag)) return void reply.status(HttpStatus.NOT_MODIFIED);
    const revocations = ended.map(({ id, endedAt }) => ({ sid: id, ended_at: endedAt }));
    return { revocations, cursor, more };
  }

  private holderOf(token: string): Principal | null {
    const access = this.tokens.verify('access', token);
    if (access) return accessPrincipal(access);
    const refresh = this.tokens.verify('refresh', token);
    return refresh && refreshPrincipal(refresh);
  }
}

function etagOf(ended: EndedSession[]): string {
  const ids = ended.map(({ id }) => id).join();
  return `"${createHash('sha256').update(ids).digest('base64url')}"`;
}
