import { TandemError } from '@tandem/client';

export const asError = (cause: unknown): TandemError =>
  cause instanceof TandemError ? cause : new TandemError('NO_ANSWER', { cause });
