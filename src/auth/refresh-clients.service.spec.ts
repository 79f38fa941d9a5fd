import { KeyRing } from '../config/key-ring';
import { RefreshClientsService } from './refresh-clients.service';

const SESSION = '884142313217933312';
const KEYED = { address: '192.0.2.1', idempotencyKey: 'drawn-at-the-login-0123456789' };
const KEYLESS = { address: '192.0.2.1', userAgent: 'Orders/3.1 (iPhone; iOS 26)' };

const clientsOf = (secret: string, previous?: string) =>
  new RefreshClientsService(new KeyRing(secret, previous));

describe('the trace of the client that rotated', () => {
  const clients = clientsOf('a secret');

  it.each([
    ['a key', KEYED],
    ['none', KEYLESS],
  ])('of a client with %s is known after the secret has changed, and no longer', (_, client) => {
    const trace = clients.traceOf(SESSION, client);

    expect(clientsOf('the next', 'a secret').isSame(trace, SESSION, client)).toBe(true);
    expect(clientsOf('the last', 'the next').isSame(trace, SESSION, client)).toBe(false);
  });

  it('is of one session only', () => {
    const trace = clients.traceOf(SESSION, KEYED);

    expect(clients.isSame(trace, '884142313217933313', KEYED)).toBe(false);
  });

  it.each([
    ['the /24 of IPv4', '192.0.2.254', true],
    ['another /24', '192.0.3.1', false],
    ['the same address, mapped into IPv6', '::ffff:192.0.2.1', true],
  ])('goes by the network: %s', (_, address, isSame) => {
    const trace = clients.traceOf(SESSION, { address: '192.0.2.1' });

    expect(clients.isSame(trace, SESSION, { address })).toBe(isSame);
  });

  it.each([
    ['the /48 of IPv6', '2001:db8:1:ffff::9', true],
    ['another /48', '2001:db8:2::1', false],
  ])('goes by the network: %s', (_, address, isSame) => {
    const trace = clients.traceOf(SESSION, { address: '2001:db8:1::1' });

    expect(clients.isSame(trace, SESSION, { address })).toBe(isSame);
  });

  it('tells a user agent from a key and from a network that read the same', () => {
    const text = '192.0.2.0/24';
    const trace = clients.traceOf(SESSION, { address: '203.0.113.1', userAgent: text });

    expect(clients.isSame(trace, SESSION, { address: '192.0.2.1' })).toBe(false);
    expect(clients.isSame(trace, SESSION, { address: '198.51.100.1', idempotencyKey: text })).toBe(
      false,
    );
  });
});
