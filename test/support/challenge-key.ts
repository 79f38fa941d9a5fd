import { digestBy } from '../../src/codes/digest';
import { KeyRing } from '../../src/config/key-ring';

/** Of every server that a test starts, unless it gives another one. */
export const TEST_SECRET = 'the secret of all servers in tests, 0 1 2 3 4 5 6 7 8 9';
export const TEST_KEYS = new KeyRing(TEST_SECRET);

const digest = digestBy(TEST_KEYS);

/** Where Redis keeps the challenge of a number, for connections of the application, which put the prefix before it. */
export const ownChallengeKey = (mobile: string) => `challenge:{${digest(mobile)}}`;

/** The same for any other. */
export const challengeKey = (mobile: string) => `tandem:${ownChallengeKey(mobile)}`;
