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
const { ChangesService } = require('../../dist/audit/changes.service.js');
const { LoginQueries } = require('../../dist/auth/login.queries.js');

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

if (process.env.BENCH_UNTOLD) {
  LoginQueries.prototype.changesOf = () => [];
  ChangesService.prototype.tell = () => ({});
}

const env = loadEnv();

if (env.workers > 1 && cluster.isPrimary) {
  supervise(env);
  let urls = 0;
  cluster.on('message', (_worker, { url }) => {
    if (url && ++urls === env.workers) process.send(url);
  });
} else {
  const app = await createApp(env, { controllers: [WhoAmIController] });
  const loss = Number(process.env.BENCH_LOSS ?? 0);
  if (loss > 0) app.getHttpServer().prependListener('request', busyLoop(loss));
  await app.listen(env.PORT, env.HOST);
  const url = await app.getUrl();
  process.send(cluster.isWorker ? { url } : url);
}

/** A change for the worse, for the benchmark to find: counts for so many microseconds. */
function busyLoop(microseconds) {
  let sum = 0;
  const count = (steps) => {
    for (let step = 0; step < steps; step++) sum = (sum * 31 + step) | 0;
  };
  const steps = 1e7;
  const times = Array.from({ length: 7 }, () => {
    const from = performance.now();
    count(steps);
    return (performance.now() - from) * 1000;
  });
  const stepsPerMicrosecond = steps / Math.min(...times);
  return () => count(microseconds * stepsPerMicrosecond);
}
