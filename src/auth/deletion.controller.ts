import { Body, Delete, Get, HttpCode, HttpStatus, Post, Put, UseGuards } from '@nestjs/common';
import { ApiController } from '../contract/api-controller.decorator';
import { ApiErrors, BODY_ERRORS, limited } from '../contract/api-errors.decorator';
import { type Caller, CurrentCaller } from '../contract/caller.decorator';
import { CurrentUser, type Principal } from '../contract/current-user.decorator';
import { ApiBearerAuth, ApiTags, Operation } from '../contract/docs';
import { DeletionCodesService } from './deletion/deletion-codes.service';
import { DeletionService } from './deletion/deletion.service';
import { UserExportService } from './deletion/user-export.service';
import { CodeSentDto } from './dto/code-request.dto';
import { DeletionCodeDto, DeletionDto, DeletionProofDto, UserExportDto } from './dto/deletion.dto';
import { JwtAuthGuard } from './jwt-auth.guard';

const WITHOUT_CODE = ['REFRESH_TOKEN_NOT_ALLOWED', 'RECENT_CODE_REQUIRED'] as const;

/** What users may do with all that is stored about them. A code of the last ten minutes proves that it is they. */
@ApiTags('users')
@ApiBearerAuth('access-token')
@ApiErrors('UNAUTHORIZED', 'REFRESH_TOKEN_NOT_ALLOWED', 'UNAVAILABLE')
@UseGuards(JwtAuthGuard)
@ApiController('users/me')
export class DeletionController {
  constructor(
    private readonly codes: DeletionCodesService,
    private readonly deletions: DeletionService,
    private readonly exports: UserExportService,
  ) {}

  @Operation(
    'Ends all sessions and devices at once, and erases the user after `DELETION_GRACE`. Wants a code of the last ten minutes in this session: a login by code, or `POST /auth/step-up`.',
    202,
    DeletionDto,
  )
  @Delete()
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiErrors('PAYLOAD_TOO_LARGE', ...WITHOUT_CODE, 'LAST_ADMIN')
  async delete(
    @CurrentUser() principal: Principal,
    @CurrentCaller() caller: Caller,
  ): Promise<DeletionDto> {
    return { delete_at: await this.deletions.requestOwn(principal, caller) };
  }

  @Operation(
    'Sends a code to the number of the user that deletes them, and says so: it logs nobody in, and works in this session only.',
    202,
    CodeSentDto,
  )
  @Post('deletion')
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiErrors(
    ...BODY_ERRORS,
    'NUMBER_UNREACHABLE',
    'CAPTCHA_REQUIRED',
    limited('number', 'codes for this number'),
    'SMS_BUDGET_SPENT',
    'SMS_PAUSED',
    'UNAVAILABLE',
  )
  async sendCode(
    @CurrentUser() principal: Principal,
    @Body() request: DeletionCodeDto,
    @CurrentCaller() caller: Caller,
  ): Promise<CodeSentDto> {
    return this.codes.send(principal, request, caller);
  }

  @Operation('Does what `DELETE /users/me` does, by such a code.', 202, DeletionDto)
  @Put('deletion')
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiErrors(
    ...BODY_ERRORS,
    'INVALID_CODE',
    'CAPTCHA_REQUIRED',
    limited('number', 'wrong codes for this number'),
    'LAST_ADMIN',
  )
  async prove(
    @CurrentUser() principal: Principal,
    @Body() proof: DeletionProofDto,
    @CurrentCaller() caller: Caller,
  ): Promise<DeletionDto> {
    return { delete_at: await this.codes.prove(principal, proof, caller) };
  }

  @Operation('Keeps a user who was to be erased. Wants a code of the last ten minutes, too.', 204)
  @Delete('deletion')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiErrors('PAYLOAD_TOO_LARGE', ...WITHOUT_CODE, 'NOT_FOUND')
  async cancel(
    @CurrentUser() principal: Principal,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    await this.deletions.cancelOwn(principal, caller);
  }

  @Operation(
    'Everything that is stored about the caller, but for credentials, digests, and who among the operators did what and why. Wants a code of the last ten minutes.',
    200,
    UserExportDto,
  )
  @Get('export')
  @ApiErrors(...WITHOUT_CODE, limited('account', 'exports'))
  async export(@CurrentUser() principal: Principal): Promise<UserExportDto> {
    return this.exports.export(principal);
  }
}
