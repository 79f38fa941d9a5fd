import { Get, Param, Query } from '@nestjs/common';
import { ApiErrors, malformed } from '../contract/api-errors.decorator';
import { Operation } from '../contract/docs';
import { AdminController, For } from './admin-controller.decorator';
import { AuditVerifierService } from '../audit/audit-verifier.service';
import { AuditReaderService } from './audit-reader.service';
import { AuditPageDto, AuditQueryDto, SealsDto, TimelineDto } from './dto/audit.dto';
import { PageQueryDto } from './dto/page.dto';
import { assertId } from './id';
import { CurrentOperator, type Operator } from './operator';

const MALFORMED = malformed('after must be the id of a row');
/** A seal is made in a minute in which something happened. */
const SEALS = 100;

@AdminController('')
export class AdminAuditController {
  constructor(
    private readonly audit: AuditReaderService,
    private readonly verifier: AuditVerifierService,
  ) {}

  @Operation('What was done, by whom and to whom, the newest first.', 200, AuditPageDto)
  @Get('audit')
  @For('viewer')
  @ApiErrors(MALFORMED, 'NOT_FOUND')
  read(
    @Query() query: AuditQueryDto,
    @CurrentOperator() { roles }: Operator,
  ): Promise<AuditPageDto> {
    return this.audit.page(query, roles);
  }

  @Operation('Whether the newest 100 seals of the audit fit their rows.', 200, SealsDto)
  @Get('audit/seals')
  @For('viewer')
  async seals(): Promise<SealsDto> {
    const { seals, events, unsealed, broken = null } = await this.verifier.verifyNewest(SEALS);
    return { seals, events, unsealed, broken };
  }

  @Operation('What happened to a user, with the messages to their number.', 200, TimelineDto)
  @Get('users/:id/timeline')
  @For('viewer')
  @ApiErrors(MALFORMED, 'NOT_FOUND', 'REQUEST_REFUSED')
  async timeline(
    @Param('id') id: string,
    @Query() { after }: PageQueryDto,
    @CurrentOperator() { roles }: Operator,
  ): Promise<TimelineDto> {
    assertId(id);
    return this.audit.timelineOf(id, roles, after);
  }
}
