import { ValidateBy } from 'class-validator';

/** Hours by which the first time zone is ahead of UTC. */
const FIRST_TIME_ZONE = 14;

/** A day like `1990-02-28` that has begun somewhere. */
export function HasBegun(): PropertyDecorator {
  return (target, key) =>
    ValidateBy({
      name: 'hasBegun',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && value <= today(),
        defaultMessage: () => `${String(key)} must not be in the future`,
      },
    })(target, String(key));
}

function today(): string {
  return new Date(Date.now() + FIRST_TIME_ZONE * 3_600_000).toISOString().slice(0, 10);
}
