import { fieldsOf, type Format, readerFor } from './import-formats';
import { readUser } from './imported-user';

const FIREBASE = { rounds: 8, memCost: 14, saltSeparator: 'Bw==' };
const BCRYPT = '$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy';
const [CREATED, SEEN, NOW] = [1_700_000_000_000, 1_710_000_000_000, 1_720_000_000_000];
const [created, seen] = [CREATED, SEEN].map((time) => new Date(time).toISOString());

function read(format: Format, text: string) {
  const reader = readerFor(format, text);
  return [...reader.read(text), ...reader.end()].map((record) => {
    if ('problem' in record) return record.problem;
    const user = readUser(fieldsOf(format, record.fields, FIREBASE), ['DE']);
    return typeof user === 'string' ? user : { ...user.rowOf('1', NOW), ...user.profileOf('1') };
  });
}

const USER = {
  mobile: '+4915112345678',
  name: 'Li Wei',
  external_id: 'u-1',
  status: 'active',
  created_at: CREATED,
  last_login: SEEN,
};

describe('an export of', () => {
  it('our own, flat or nested, keeps what there is', () => {
    const flat = {
      ...USER,
      mobile: '0151 1234-5678',
      username: 'Li.Wei',
      password_hash: BCRYPT,
      locale: 'de',
      verified_at: seen,
      created_at: created,
      last_login: SEEN,
    };
    const { locale: _, ...nested } = { ...flat, id: '42', profile: { locale: 'de' } };
    const expected = {
      ...USER,
      username: 'li.wei',
      password_hash: BCRYPT,
      locale: 'de',
      verified_at: SEEN,
    };

    const csv = `${Object.keys(flat).join()}\n${Object.values(flat).join()}`;

    for (const [format, text] of [
      ['ndjson', JSON.stringify(flat)],
      ['ndjson', JSON.stringify(nested)],
      ['csv', csv],
    ] as const) {
      expect(read(format, text)).toEqual([expect.objectContaining(expected)]);
    }
  });

  it('Firebase', () => {
    const phone = {
      localId: 'u-1',
      phoneNumber: USER.mobile,
      displayName: 'Li Wei',
      createdAt: String(CREATED),
      lastSignedInAt: String(SEEN),
      providerUserInfo: [{ providerId: 'phone' }],
    };
    const withPassword = {
      ...phone,
      localId: 'u-2',
      passwordHash:
        'lSrfV15cpx95_sZS2W9c9Kp6i_LVgQNDNC_qzrCnh1SAyZvqmZqAjTdn3aoItz-VHjoZilo78198JAdRuid5lQ==',
      salt: '42xEC-ixf3L2lw==',
      disabled: true,
    };

    expect(
      read(
        'firebase',
        JSON.stringify({ users: [phone, withPassword, { localId: 'u-3', email: 'a@b.c' }] }),
      ),
    ).toEqual([
      expect.objectContaining({ ...USER, verified_at: SEEN, password_hash: null }),
      expect.objectContaining({
        ...USER,
        external_id: 'u-2',
        status: 'disabled',
        verified_at: null,
        password_hash:
          '$fbscrypt$m=14,r=8$42xEC+ixf3L2lwc$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ',
      }),
      'mobile is missing',
    ]);
  });

  it('Supabase, as CSV or JSON', () => {
    const user = {
      id: 'u-1',
      phone: '4915112345678',
      encrypted_password: '',
      phone_confirmed_at: created,
      created_at: '2023-11-14 22:13:20+00',
      last_sign_in_at: seen,
      raw_user_meta_data: { full_name: 'Li Wei' },
      raw_app_meta_data: { providers: ['phone'] },
      banned_until: null,
    };
    const csv = `id,phone,encrypted_password,phone_confirmed_at,created_at,last_sign_in_at,raw_user_meta_data,banned_until
u-1,4915112345678,${BCRYPT},${created},2023-11-14 22:13:20+00,${seen},"{""full_name"":""Li Wei""}",infinity`;

    expect(read('supabase', JSON.stringify([user]))).toEqual([
      expect.objectContaining({ ...USER, verified_at: SEEN, password_hash: null }),
    ]);
    expect(read('supabase', csv)).toEqual([
      expect.objectContaining({
        ...USER,
        verified_at: CREATED,
        password_hash: BCRYPT,
        status: 'disabled',
      }),
    ]);
  });

  it('Auth0, with or without the password', () => {
    const user = {
      user_id: 'u-1',
      phone_number: USER.mobile,
      phone_verified: true,
      name: USER.mobile,
      nickname: 'Li Wei',
      created_at: created,
      last_login: seen,
      identities: [{ provider: 'sms' }],
    };
    const secret = {
      _id: { $oid: '5f7c' },
      phone_number: USER.mobile,
      nickname: 'Li Wei',
      passwordHash: BCRYPT,
      created_at: created,
      last_login: seen,
      blocked: true,
    };

    expect(read('auth0', [user, secret].map((one) => JSON.stringify(one)).join('\n'))).toEqual([
      expect.objectContaining({ ...USER, verified_at: SEEN, password_hash: null }),
      expect.objectContaining({
        ...USER,
        external_id: 'auth0|5f7c',
        verified_at: null,
        password_hash: BCRYPT,
        status: 'disabled',
      }),
    ]);
  });

  it('anybody is refused line by line, and no reason repeats what stands there', () => {
    const wrong: [object, string | RegExp][] = [
      [{ mobile: '+49301234567' }, /^mobile must be a valid mobile number/],
      [{ mobile: '+8613812345678' }, 'Numbers of this country are not served.'],
      [{ mobile: 4915112345678 }, 'mobile is missing'],
      [{ 'Li Wei': 1 }, /^has 1 unknown fields: known are mobile, /],
      [{ username: 'Li Wei' }, /^username must be 3 to 32 letters/],
      [{ name: '\u202ex' }, /^name must be 1 to 64 visible characters/],
      [{ password_hash: BCRYPT.replace('10', '15') }, 'password_hash costs more than bcrypt 14'],
      [{ verified_at: '2999-01-01' }, /^verified_at must be a time that has passed/],
      [{ created_at: 'yesterday' }, /^created_at must be a time/],
      [{ status: 'banned' }, /^status must be one of/],
      [{ birthday: '1990-02-30' }, /^birthday must be a day/],
    ];
    const lines = wrong.map(([fields]) => JSON.stringify({ mobile: USER.mobile, ...fields }));

    const problems = read('ndjson', lines.join('\n'));

    for (const [index, [, problem]] of wrong.entries()) expect(problems[index]).toMatch(problem);
    expect(JSON.stringify(problems)).not.toMatch(/Li Wei|12345678(?!\b)|15112345|\u202e/);
  });
});
