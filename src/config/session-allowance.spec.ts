import { parseEnv } from './load-env';

const allowance = (text: string) => parseEnv({ MAX_SESSIONS_PER_USER: text }).sessionAllowance;

describe('MAX_SESSIONS_PER_USER', () => {
  it('is a total, and may say how many of them may be on devices of one type', () => {
    expect(parseEnv({}).sessionAllowance).toEqual({ total: 10 });
    expect(allowance('3')).toEqual({ total: 3 });
    expect(allowance('10, phone:1,desktop:2')).toEqual({ total: 10, phone: 1, desktop: 2 });
  });

  it.each([
    '0',
    '1001',
    'phone:1',
    '10,phone:0',
    '10,watch:1',
    '10,20',
    '10,phone:1,phone:2',
    '10,phone',
    '10,total:3',
  ])('refuses %j', (text) => {
    expect(() => allowance(text)).toThrow(/MAX_SESSIONS_PER_USER must be a whole number from 1/);
  });
});
