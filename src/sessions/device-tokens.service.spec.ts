import { mutantsOf } from '../../test/support/mutants';
import { KeyRing } from '../config/key-ring';
import { DeviceTokensService } from './device-tokens.service';

const ID = '884142313217933312';

describe('device tokens', () => {
  const tokens = new DeviceTokensService(new KeyRing('a key'));
  const changed = new DeviceTokensService(new KeyRing('a new key', 'a key'));

  const issued = () => {
    const { secret, hash } = tokens.newSecret();
    return { secret, hash, token: tokens.tokenOf(ID, secret) };
  };

  it('name their device, and prove it by a secret of which only the hash is stored', () => {
    const { token, secret, hash } = issued();

    expect(tokens.read(token)).toEqual({ id: ID, secret, hash, hashes: [hash] });
    expect(hash).not.toContain(secret);
    expect(issued().hash).not.toBe(hash);
  });

  it('outlive a change of the secret, and are renewed by it', () => {
    const { token, secret, hash } = issued();

    const read = changed.read(token)!;

    expect(read.hashes).toEqual([read.hash, hash]);
    expect(read.hash).not.toBe(hash);
    const renewed = changed.tokenOf(ID, secret);
    expect(new DeviceTokensService(new KeyRing('a new key')).read(renewed)?.id).toBe(ID);
  });

  it('are none once a character is changed, added or dropped, nor under another key', () => {
    const { token } = issued();

    const accepted = [...mutantsOf(token)].filter((mutant) => tokens.read(mutant));

    expect(accepted).toEqual([]);
    expect(new DeviceTokensService(new KeyRing('another key')).read(token)).toBeNull();
  });
});
