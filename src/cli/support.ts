import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { type Command, InvalidArgumentError } from 'commander';
import { AuditReaderService } from '../admin/audit-reader.service';
import { DiagnosisModule } from '../admin/diagnosis/diagnosis.module';
import { DiagnosisService } from '../admin/diagnosis/diagnosis.service';
import type { Verdict } from '../admin/diagnosis/verdict';
import type { MomentDto } from '../admin/dto/audit.dto';
import { AuditEvent } from '../audit/audit-event.entity';
import { AuditModule } from '../audit/audit.module';
import { ChangesService } from '../audit/changes.service';
import { ApiException } from '../common/errors';
import { type E164, hasCountryCode, parseMobile } from '../common/phone-number';
import type { Env } from '../config/env';
import { RefusedRequestsModule } from '../contract/refused-requests.module';
import { SessionsModule } from '../sessions/sessions.module';
import { SmsDelivery } from '../sms/sms-delivery.entity';
import { TANDEM } from '../storage/tandem';
import { UsersModule } from '../users/users.module';
import { type AsOption, asOption, byCommand } from './actor';
import { inContext } from './context';
import { showProgress } from './progress';

@Module({
  imports: [
    AuditModule,
    DiagnosisModule,
    RefusedRequestsModule,
    SessionsModule,
    TypeOrmModule.forFeature([AuditEvent, SmsDelivery], TANDEM),
    UsersModule,
  ],
  providers: [AuditReaderService],
})
class SupportCommandModule {}

interface Options extends AsOption {
  readonly from?: string;
  readonly json?: true;
}

interface Findings {
  readonly verdicts: readonly Verdict[];
  /** The newest first. */
  readonly timeline: readonly MomentDto[];
}

export function support(tandem: Command, readEnv: () => Env): void {
  tandem
    .command('support')
    .description('Says why a person gets no code or cannot log in, and what happened to them.')
    .argument('<number>', 'a mobile number with + in any spelling', number)
    .option('--from <address>', 'the address that the person asks from')
    .option('--json', 'print it as JSON')
    .addOption(asOption())
    .action(async (mobile: E164, options: Options) => {
      const { json } = options;
      const found = await showProgress('Waiting for the stores', look(readEnv(), mobile, options));
      console.log(json ? JSON.stringify(found) : textOf(found));
    });
}

/** Who looked at whom is on record before they see anything. */
function look(env: Env, mobile: E164, options: Options): Promise<Findings> {
  return inContext(env, SupportCommandModule, async (context) => {
    const timeline = await context.get(AuditReaderService).momentsOf(mobile);
    const detail = { command: 'support' };
    const call = { action: 'admin.called', ...byCommand(options), mobile, detail } as const;
    await context.get(ChangesService).record(call);
    const verdicts = await context.get(DiagnosisService).diagnoseNumber(mobile, options.from);
    return { verdicts, timeline };
  });
}

function number(text: string): E164 {
  try {
    if (hasCountryCode(text)) return parseMobile(text, ['*']);
  } catch (error) {
    if (!(error instanceof ApiException)) throw error;
  }
  throw new InvalidArgumentError('It is no mobile number with its country code.');
}

function textOf({ verdicts, timeline }: Findings): string {
  const lines = timeline
    .toReversed()
    .map((moment) => `${moment.at.toISOString()}  ${told(moment)}`);
  return [...lines, '', ...verdicts.map(lineOf)].join('\n');
}

function told({ event, delivery, use }: MomentDto): string {
  if (use) return `session.${use.kind}`;
  if (delivery) return `message by ${delivery.provider}: ${delivery.receipt ?? delivery.outcome}`;
  return [event?.action, event?.reason].filter(Boolean).join(' ');
}

function lineOf({ check, verdict, error_code, until, evidence, action }: Verdict): string {
  const name = `${verdict.padEnd(6)}  ${check.padEnd(8)}`;
  if (verdict === 'ok') return name.trimEnd();
  const end = until && `until ${until.toISOString()}`;
  return [name, error_code, end, action, JSON.stringify(evidence)].filter(Boolean).join('  ');
}
