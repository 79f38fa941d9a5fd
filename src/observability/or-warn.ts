import type { Logger } from '@nestjs/common';

/** Best effort: a failure is logged as a warning and not thrown. */
export async function orWarn(
  logger: Logger,
  message: string,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    logger.warn(error, message);
  }
}
