import { createApp } from './app';
import { exitWith, loadEnv } from './config/load-env';

async function main(): Promise<void> {
  const env = loadEnv();
  const app = await createApp(env);
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  await app.listen(env.PORT, env.HOST);
}

main().catch(exitWith);
