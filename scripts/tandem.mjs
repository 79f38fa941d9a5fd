/** `tandem` for npm's scripts: from what is built, which is brought up to date first where there are sources. */
import cluster from 'node:cluster';

if (cluster.isPrimary) await import('./build.mjs');
await import('../dist/cli/main.js');
