import { NestFactory } from '@nestjs/core';
import { TandemModule } from '../tandem.module';
import { GrantsService } from '../auth/grants.service';
import { ApiException } from '../common/errors';
import { parseMobile } from '../common/phone-number';
import { isId } from '../common/snowflake';
import { loadEnv } from '../config/load-env';
import { isOutage } from '../storage/sql-errors';
import type { User } from '../users/user.entity';
import { UsersService } from '../users/users.service';

const USAGE = 'Usage: npm run users -- disable|enable ID|+MOBILE';

/** `npm run users -- disable ID`: shuts a user out on every node within a second, or lets them in again. */
async function main([command, user = '']: string[]): Promise<string> {
  if (command !== 'disable' && command !== 'enable') throw new Error(USAGE);
  const context = await NestFactory.createApplicationContext(TandemModule.forEnv(loadEnv()), {
    logger: ['error', 'fatal'],
  });
  try {
    const users = context.get(UsersService);
    const found = await find(users, user);
    if (!found) throw new Error('There is no such user.');
    if (command === 'disable') await context.get(GrantsService).disable(found.id);
    else await users.enable(found.id);
    return `User ${found.id} is ${command}d.`;
  } finally {
    await context.close();
  }
}

async function find(users: UsersService, user: string): Promise<User | null> {
  if (user.startsWith('+')) return users.findByMobile(parseMobile(user, ['*']));
  return isId(user) ? users.findById(user) : null;
}

function explain(error: Error): string {
  if (isOutage(error)) return 'The database is not reachable.';
  if (error instanceof ApiException) return String(Object(error.getResponse()).message);
  return error.message;
}

main(process.argv.slice(2)).then(console.log, (error: Error) => {
  console.error(explain(error));
  process.exitCode = 1;
});
