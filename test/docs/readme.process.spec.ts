import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ERRORS } from '../../src/common/errors';
import { ServerProcess } from '../support/server-process';

const README = readFileSync(resolve(__dirname, '../../README.md'), 'utf8');

/** The shell blocks of a chapter, in order. */
function shellBlocks(chapter: string): string[] {
  const [, text] = new RegExp(`^## ${chapter}\n(.*?)^## `, 'ms').exec(README)!;
  return [...text!.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block!);
}

/** Runs commands; the lines `# …` that follow them are what they must print, `…` being anything. */
function runAsWritten(commands: string): void {
  const expected = [...commands.matchAll(/^# (.*)$/gm)].map(([, line]) => line!);
  const printed = execFileSync('bash', ['-euc', commands.replace(/^# .*$/gm, 'echo')], {
    encoding: 'utf8',
  });
  const lines = printed.split('\n').filter(Boolean);
  expect(lines).toEqual(expected.map((line) => expect.stringMatching(patternOf(line))));
}

function patternOf(line: string): RegExp {
  return new RegExp(`^${line.split('…').map(escapeRegExp).join('.*')}$`);
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

describe('the README', () => {
  it('walks from the code to the logout with commands that work as written', async () => {
    const server = await ServerProcess.start();
    const at = (commands: string) =>
      commands.replaceAll('localhost:3000', new URL(server.baseUrl).host);
    const [askForCode, ...rest] = shellBlocks('The walk');

    runAsWritten(at(askForCode!));
    const [, code] = await server.printed(/SMS to \S+: (\d{6})/);
    runAsWritten(at(rest.join('').replace('CODE=123456', `CODE=${code}`)));

    await server.stop();
  });

  it('is at most 150 lines long', () => {
    expect(README.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  });

  it('names every error code with its status', () => {
    const rows = README.split('\n').filter((line) => line.startsWith('|'));
    for (const [code, [status]] of Object.entries(ERRORS)) {
      const row = rows.find((line) => line.includes(`\`${code}\``));
      expect(row).toContain(code === 'REQUEST_REFUSED' ? '4xx' : String(status));
    }
  });
});
