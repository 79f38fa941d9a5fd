import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module';
import { SessionsModule } from '../sessions/sessions.module';
import { UsersModule } from '../users/users.module';
import { OperatorsService } from './operators.service';

/** What a module with controllers below `/admin` imports: the guard asks it. */
@Module({
  imports: [AuditModule, SessionsModule, UsersModule],
  providers: [OperatorsService],
  exports: [OperatorsService],
})
export class OperatorsModule {}
