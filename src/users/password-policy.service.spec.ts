import { dictionary } from '@zxcvbn-ts/language-common';
import type { E164 } from '../common/phone-number';
import { Env } from '../config/env';
import { PasswordPolicyService } from './password-policy.service';

const MOBILE = '+8613812345678' as E164;

function problemsOf(
  password: string,
  { username = 'li.wei', ...env }: Partial<Env & { username: string }> = {},
) {
  return new PasswordPolicyService(Object.assign(new Env(), env)).problemsOf(
    password,
    username,
    MOBILE,
  );
}

describe('a new password', () => {
  it('is none of the 3,000 most used ones of its length', () => {
    const mostUsed = dictionary['passwords-common'].filter(({ length }) => length >= 8);

    const taken = mostUsed.slice(0, 3000).filter((password) => problemsOf(password).length === 0);

    expect(mostUsed.length).toBeGreaterThan(3000);
    expect(taken).toEqual([]);
  });

  it('hears of every word that it must not contain', () => {
    expect(problemsOf('liwei tandem 12345678')).toEqual([
      'password must not contain the username',
      'password must not contain the mobile number',
      'password must not contain the name of this service',
    ]);
  });

  it('may contain a username or a name that is hardly a word', () => {
    expect(problemsOf('a bicycle, blue', { username: 'b.l', APP_NAME: '!' })).toEqual([]);
  });

  it('must not contain the name that the service goes by', () => {
    expect(problemsOf('the acme bicycle', { APP_NAME: 'ACME' })).toHaveLength(1);
    expect(problemsOf('the tandem bicycle', { APP_NAME: 'ACME' })).toEqual([]);
  });
});
