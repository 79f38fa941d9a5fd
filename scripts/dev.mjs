/** `npm run start:dev`: Node starts it anew with every change in src. */
await import('./build.mjs');
await import('../dist/main.js');
