import type { RedactingLogger } from '../common/redacting-logger';

/** Best effort: a failure is logged as a warning and not thrown. */
export async function orWarn(
  logger: RedactingLogger,
  message: string,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    logger.warn(error, message);
  }
}
