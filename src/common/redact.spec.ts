import { redact } from './redact';

const DEVICE_TOKEN = `884142313217933312.${'s'.repeat(22)}.${'m'.repeat(43)}`;
const TOKEN = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJleGFtcGxlIn0.c2lnbmF0dXJl';

describe('redact', () => {
  it.each([
    ["Duplicate entry '+8613812345678' for key 'uq_users_mobile'", '13812345678'],
    ["Duplicate entry '8613812345678-1' for key 'x'", '13812345678'],
    ['no user for 13812345678.', '13812345678'],
    [`invalid token "${TOKEN}"`, 'eyJ'],
    [`Bearer ${TOKEN}, Bearer ${TOKEN}`, 'c2lnbmF0dXJl'],
    [`unsigned ${TOKEN.slice(0, TOKEN.lastIndexOf('.') + 1)}`, 'eyJ'],
    [`stale device token "${DEVICE_TOKEN}"`, 'sss'],
    ['two numbers: +14155550100,+14155550101', '1415555'],
  ])('takes the secret out of %j', (text, secret) => {
    expect(redact(text)).not.toContain(secret);
  });

  it.each([
    "connect ECONNREFUSED 127.0.0.1:3306: Table 'tandem.users' doesn't exist (1146)",
    'Internal server error (request 57371290-e30a-4bcd-977c-dd40264674b3)',
  ])('leaves what an operator needs: %s', (text) => {
    expect(redact(text)).toBe(text);
  });
});
