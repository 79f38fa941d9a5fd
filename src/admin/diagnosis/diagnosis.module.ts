import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditEvent } from '../../audit/audit-event.entity';
import { AuditModule } from '../../audit/audit.module';
import { CodesModule } from '../../codes/codes.module';
import { SessionsModule } from '../../sessions/sessions.module';
import { SmsDelivery } from '../../sms/sms-delivery.entity';
import { SmsModule } from '../../sms/sms.module';
import { TANDEM } from '../../storage/tandem';
import { UsersModule } from '../../users/users.module';
import { DormancyService } from '../../auth/recycled-numbers/dormancy.service';
import type { Check } from './check';
import { BlockCheck } from './block.check';
import { BudgetCheck } from './budget.check';
import { CaptchaCheck } from './captcha.check';
import { CodeCheck } from './code.check';
import { DeliveryCheck } from './delivery.check';
import { LimitsCheck } from './limits.check';
import { NumberCheck } from './number.check';
import { PasswordCheck } from './password.check';
import { PauseCheck } from './pause.check';
import { ProviderCheck } from './provider.check';
import { RequestCheck } from './request.check';
import { SessionCheck } from './session.check';
import { UserCheck } from './user.check';
import { DIAGNOSIS_CHECKS, DiagnosisService } from './diagnosis.service';
import { HistoryService } from './history.service';

/** In the order in which they decide. */
const IN_ORDER = [
  NumberCheck,
  UserCheck,
  BlockCheck,
  LimitsCheck,
  CaptchaCheck,
  PauseCheck,
  BudgetCheck,
  ProviderCheck,
  DeliveryCheck,
  CodeCheck,
  PasswordCheck,
  SessionCheck,
  RequestCheck,
];

@Module({
  imports: [
    AuditModule,
    CodesModule,
    SessionsModule,
    SmsModule,
    TypeOrmModule.forFeature([AuditEvent, SmsDelivery], TANDEM),
    UsersModule,
  ],
  providers: [
    ...IN_ORDER,
    { provide: DIAGNOSIS_CHECKS, inject: IN_ORDER, useFactory: (...checks: Check[]) => checks },
    DiagnosisService,
    DormancyService,
    HistoryService,
  ],
  exports: [DiagnosisService],
})
export class DiagnosisModule {}
