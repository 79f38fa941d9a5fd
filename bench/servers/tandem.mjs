import cluster from 'node:cluster';
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Controller, Get } from '@nestjs/common';

// Node sees no names in what SWC compiles to CommonJS.
const require = createRequire(import.meta.url);
const { createApp } = require('../../dist/app.js');
const { CurrentUser } = require('../../dist/contract/current-user.decorator.js');
const { loadEnv } = require('../../dist/config/load-env.js');
const { supervise } = require('../../dist/cluster/supervisor.js');

/** What developers write who use Tandem: a route that is guarded because all are. */
class WhoAmIController {
  whoAmI({ userId }) {
    return { user_id: userId };
  }
}

// Decorators by hand: Node reads this file as it is.
const { prototype } = WhoAmIController;
CurrentUser()(prototype, 'whoAmI', 0);
Get('whoami')(prototype, 'whoAmI', Object.getOwnPropertyDescriptor(prototype, 'whoAmI'));
Controller('bench')(WhoAmIController);

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

/** The bytes that are still of use. */
process.on('message', ({ what }) => {
  if (what !== 'memory') return;
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  process.send([heapUsed + external]);
});

const env = loadEnv();

if (env.workers > 1 && cluster.isPrimary) {
  supervise(env);
  let urls = 0;
  cluster.on('message', (_worker, { url }) => {
    if (url && ++urls === env.workers) process.send(url);
  });
} else {
  const app = await createApp(env, { controllers: [WhoAmIController] });
  await app.listen(env.PORT, env.HOST);
  const url = await app.getUrl();
  process.send(cluster.isWorker ? { url } : url);
}
