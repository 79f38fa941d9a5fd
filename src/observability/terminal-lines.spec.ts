import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { PinoPretty } from 'pino-pretty';
import { TERMINAL_LINES } from './terminal-lines';

const ID = '0192f0c5-7c1e-4b6a-9d43-5f2c8e1a7b90';

/** What a terminal shows of one call. */
function shown(fields: object, text: string): string {
  const terminal = new PassThrough({ encoding: 'utf8' });
  const pretty = PinoPretty({ ...TERMINAL_LINES, colorize: false, destination: terminal });
  pino({}, pretty).info(fields, text);
  return String(terminal.read());
}

describe('the log on a terminal', () => {
  it('has one line a request, with what was asked, the answer and the name', () => {
    const text = shown(
      {
        request_id: ID,
        method: 'POST',
        route: '/auth/codes',
        status: 429,
        ms: 12,
        error_code: 'TOO_MANY_REQUESTS',
        user_id: '1',
        session_id: '2',
      },
      'request',
    );

    expect(text).toMatch(
      new RegExp(
        `^\\[[\\d:.]+\\] INFO: POST /auth/codes 429 12 ms TOO_MANY_REQUESTS \\(${ID}\\)\n$`,
      ),
    );
  });

  it('has one line for anything else, with who says it', () => {
    expect(shown({ context: 'DatabaseService' }, 'The database is back')).toMatch(
      /^\[[\d:.]+\] INFO: \[DatabaseService\] The database is back\n$/,
    );
    expect(shown({ retries: 3 }, 'retrying')).toMatch(/^.* INFO: retrying \{"retries":3\}\n$/);
  });
});
