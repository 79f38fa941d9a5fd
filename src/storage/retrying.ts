import { RedactingLogger } from '../common/redacting-logger';

const MAX_ATTEMPTS = 5;
const logger = new RedactingLogger('Transaction');

/** Runs a transaction again while it fails for a reason that `isTransient`, up to five times in all. */
export async function retrying<T>(
  attempt: () => Promise<T>,
  isTransient: (error: unknown) => boolean,
): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      if (attempts === MAX_ATTEMPTS || !isTransient(error)) throw error;
      logger.warn(error, 'Retrying a transaction');
    }
  }
}
