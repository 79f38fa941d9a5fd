import type { Logger } from '@nestjs/common';

/** Does what nobody waits for: when it fails, that is a line in the log and no more. */
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
