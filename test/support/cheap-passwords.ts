const argon2 = require('@node-rs/argon2') as typeof import('@node-rs/argon2');

const CHEAP = { memoryCost: 8, timeCost: 1, parallelism: 1 };
const COSTS = /m=\d+,t=\d+,p=\d+/;
/** By what hashes say of themselves: what they really are. */
const real = new Map<string, string>();
const { hash, verify } = argon2;
let isCheap = true;

/**
 * Argon2 takes most of the time of specs that set passwords. Where the application runs in the process of its tests, a
 * hash costs next to nothing, though it names the costs that it was asked for.
 */
export function cheapenPasswords(): void {
  argon2.hash = async (password, options) => {
    if (!isCheap) return hash(password, options);
    const made = await hash(password, { ...options, ...CHEAP });
    const { memoryCost, timeCost, parallelism } = options!;
    const shown = made.replace(COSTS, `m=${memoryCost},t=${timeCost},p=${parallelism}`);
    real.set(shown, made);
    return shown;
  };
  argon2.verify = (shown, password) => verify(real.get(String(shown)) ?? shown, password);
}

/** For tests of what passwords cost. Called where hooks are declared, before applications start. */
export function payForPasswords(): void {
  beforeAll(() => {
    isCheap = false;
  });
  afterAll(() => {
    isCheap = true;
  });
}
