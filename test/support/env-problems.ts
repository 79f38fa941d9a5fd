import { EnvError, parseEnv } from '../../src/config/load-env';

/** Everything that is wrong with a configuration. */
export function problemsOf(source: NodeJS.ProcessEnv): string[] {
  try {
    parseEnv(source);
    return [];
  } catch (error) {
    return (error as EnvError).problems;
  }
}
