import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module';
import { SessionsModule } from '../sessions/sessions.module';
import { UsersModule } from '../users/users.module';
import { OperatorCallsService } from './operator-calls.service';
import { OperatorsService } from './operators.service';

/** What a module with controllers below `/admin` imports: the guard asks it. */
@Module({
  imports: [AuditModule, SessionsModule, UsersModule],
  providers: [OperatorCallsService, OperatorsService],
  exports: [OperatorCallsService, OperatorsService],
})
export class OperatorsModule {}
