import type { Contestant } from './contestant';
import { missingPeers, PEERS } from './peers';
import { TandemData } from './tandem-data';
import { onTandemTables } from './tandem-tables';

/** Codes as they are, each under its number. */
class PlainCodes extends TandemData {
  override async issueCodes(mobiles: string[]): Promise<string[]> {
    const codes = mobiles.map((mobile) => mobile.slice(-6));
    await Promise.all(
      mobiles.map((mobile, index) => this.redis.set(`code:${mobile}`, codes[index]!, 'EX', 300)),
    );
    return codes;
  }
}

/** What tutorials teach: NestJS on Express, passport-jwt with the secret as a string, `findOne` and `save`. */
export const tutorial: Contestant = variant('tutorial', 'string');

/** The same with the one change that anyone who has profiled it makes. */
export const tutorialKeyObject: Contestant = variant('tutorial KeyObject', 'KeyObject');

function variant(name: string, SECRETS: 'string' | 'KeyObject'): Contestant {
  const options = { hindrance: missingPeers, settings: () => ({ SECRETS }), data: PlainCodes };
  return onTandemTables(name, `${PEERS}/dist/tutorial.js`, options);
}
