import { type INestApplicationContext, Module } from '@nestjs/common';
import { Argument } from 'commander';
import { AuditModule } from '../audit/audit.module';
import { DataSubjectsService } from '../auth/deletion/data-subjects.service';
import { DeletionService } from '../auth/deletion/deletion.service';
import { ErasureService } from '../auth/deletion/erasure.service';
import { OperatorTracesService } from '../auth/deletion/operator-traces.service';
import { NumberMovesService } from '../auth/mobile-changes/number-moves.service';
import { OrderedChangesService } from '../auth/mobile-changes/ordered-changes.service';
import { RecentLoginService } from '../auth/recent-login.service';
import { UserOperationsService } from '../auth/user-operations.service';
import { BlocksService } from '../codes/blocks/blocks.service';
import { hasCountryCode, parseMobile } from '../common/phone-number';
import { isId } from '../common/snowflake';
import type { Env } from '../config/env';
import type { User } from '../users/user.entity';
import { UsersModule } from '../users/users.module';
import { UsersService } from '../users/users.service';
import { CommandSessionsModule } from './command-sessions.module';
import { inContext } from './context';
import { Failure } from './failure';
import { showProgress } from './progress';

/** Of the application only what a change of users takes: nothing that runs in the background. */
@Module({
  imports: [AuditModule, CommandSessionsModule, UsersModule],
  providers: [
    BlocksService,
    DataSubjectsService,
    DeletionService,
    ErasureService,
    NumberMovesService,
    OperatorTracesService,
    OrderedChangesService,
    RecentLoginService,
    UserOperationsService,
  ],
})
class UserCommandsModule {}

export const USER = new Argument('<user>', 'the id, or the mobile number with + in any spelling');

/** @returns the user, and what the change came to. */
export function changeUser<T>(
  env: Env,
  text: string,
  change: (context: INestApplicationContext, user: User) => Promise<T>,
): Promise<[User, T]> {
  const changed = inContext(env, UserCommandsModule, async (context): Promise<[User, T]> => {
    const user = await find(context.get(UsersService), text);
    if (!user) throw new Failure('There is no such user.');
    return [user, await change(context, user)];
  });
  return showProgress('Waiting for the database', changed);
}

async function find(service: UsersService, text: string): Promise<User | null> {
  if (hasCountryCode(text)) return service.findByMobile(parseMobile(text, ['*']));
  return isId(text) ? service.findById(text) : null;
}
