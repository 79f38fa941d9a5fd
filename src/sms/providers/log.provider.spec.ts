import { MESSAGE } from '../../../test/support/sms-provider-contract';
import { LogProvider } from './log.provider';

async function printed(): Promise<unknown[]> {
  const console = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  await new LogProvider().send(MESSAGE);
  const texts = console.mock.calls.map(([text]) => text);
  console.mockRestore();
  return texts;
}

it('prints the message to the console', async () => {
  expect(await printed()).toEqual([`SMS to ${MESSAGE.to}: ${MESSAGE.text}\n`]);
});

it('prints message and code in a frame on a terminal', async () => {
  Object.assign(process.stdout, { isTTY: true });

  const [text] = await printed();

  Object.assign(process.stdout, { isTTY: undefined });
  expect(text).toContain(`\n┃ SMS to ${MESSAGE.to}: ${MESSAGE.text}\n`);
  expect(text).toContain('\n┃     4 9 3 8 1 7\n');
  expect(text).toMatch(/^\n┏━+\n(┃ .*\n)+┗━+\n\n$/);
});
