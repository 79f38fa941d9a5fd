import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { audit } from '../../src/cli/audit';
import { block } from '../../src/cli/block';
import { explain } from '../../src/cli/failure';
import { limits } from '../../src/cli/limits';
import { numbers } from '../../src/cli/numbers';
import { sessions } from '../../src/cli/sessions';
import { sms } from '../../src/cli/sms';
import { support } from '../../src/cli/support';
import { users } from '../../src/cli/users';
import { webhooks } from '../../src/cli/webhooks';
import { parseEnv } from '../../src/config/load-env';
import { emptyDirectory } from '../support/server-process';
import { migratedStores } from '../support/migrated-stores';
import { MODES } from '../support/stores';

const MOBILE = '+4915112345678';

/** Each context that commands start must find its services: what one of them asks for may come to need more. */
const COMMANDS = [
  'users import FILE --format csv --json',
  `users find ${MOBILE} --json`,
  `users show ${MOBILE} --json`,
  `users disable ${MOBILE} --json`,
  `users enable ${MOBILE} --json`,
  `users number ${MOBILE} +4915112345679 --json`,
  `users vouch ${MOBILE} --json`,
  `users logout ${MOBILE} --json`,
  `users grant ${MOBILE} driver --json`,
  `users revoke ${MOBILE} driver --json`,
  `users delete ${MOBILE} --json`,
  `users keep ${MOBILE}`,
  'users export -',
  `limits show ${MOBILE} --json`,
  `limits lift ${MOBILE} --json`,
  `block add ${MOBILE} --for 1h --json`,
  'block list --json',
  `block remove ${MOBILE}`,
  `sms pause ${MOBILE.slice(0, 6)}* --for 1h --json`,
  'sms pauses --json',
  `sms resume ${MOBILE.slice(0, 6)}*`,
  'webhooks list --json',
  `support ${MOBILE} --json`,
  'sessions end --all --yes --json',
  'numbers release FILE --json',
  'audit tail --json',
  'audit verify --json',
];

describe('each command of tandem', () => {
  it('starts with what it needs of the application', async () => {
    const folder = emptyDirectory();
    writeFileSync(join(folder, 'users.csv'), `mobile\n${MOBILE}\n`);
    const env = parseEnv({ ...(await migratedStores(MODES.at(-1)!)), ROLES: 'driver' });
    const lines = jest.spyOn(console, 'log').mockReturnValue();
    const output = jest.spyOn(process.stdout, 'write').mockReturnValue(true);

    const failed: [string, unknown][] = [];
    for (const command of COMMANDS) {
      const tandem = new Command().exitOverride();
      for (const add of [audit, block, limits, numbers, sessions, sms, support, users, webhooks]) {
        add(tandem, () => env);
      }
      const words = command.replace('FILE', join(folder, 'users.csv')).split(' ');
      await tandem.parseAsync(words, { from: 'user' }).catch((error) => {
        failed.push([command, explain(error)]);
      });
    }
    [lines, output].forEach((spy) => spy.mockRestore());

    expect(failed).toEqual([]);
  });
});
