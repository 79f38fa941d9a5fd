import { exitWith, loadEnv } from './config/load-env';
import { noteVainReloads, surviveHangUp } from './cluster/hang-up';
import { checkAddresses } from './cluster/listen-address';
import { isWorker } from './cluster/role';
import { supervise } from './cluster/supervisor';

async function main(): Promise<void> {
  surviveHangUp();
  const env = loadEnv({ isWorker });
  if (!isWorker) await checkAddresses(env);
  if (env.workers > 1 && !isWorker) return supervise(env);
  // Loaded only now: what is wrong with the configuration is told at once.
  const { createApp } = require('./app') as typeof import('./app');
  const { DatabaseService } =
    require('./storage/database.service') as typeof import('./storage/database.service');
  const app = await createApp(env);
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  noteVainReloads(env);
  await app.listen(env.PORT, env.HOST);
  const reason = await app.get(DatabaseService).givenUp;
  await app.close().catch(() => undefined);
  exitWith(reason);
}

main().catch(exitWith);
