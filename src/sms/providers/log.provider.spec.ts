import { MESSAGE } from '../../../test/support/sms-provider-contract';
import { LogProvider } from './log.provider';

it('prints the message to the console', async () => {
  const console = jest.spyOn(process.stdout, 'write').mockReturnValue(true);

  await new LogProvider().send(MESSAGE);

  const printed = console.mock.calls.map(([text]) => text);
  console.mockRestore();
  expect(printed).toEqual([`SMS to ${MESSAGE.to}: ${MESSAGE.text}\n`]);
});
