/* oxlint-disable no-underscore-dangle -- Node resolves in no other place that can be replaced */
/** Preloaded into a process that is to find one npm package not installed: HIDDEN_PACKAGE names it. */
const Module = require('node:module');

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  if (request !== process.env.HIDDEN_PACKAGE) return resolve.call(this, request, ...rest);
  throw Object.assign(new Error(`Cannot find module '${request}'`), { code: 'MODULE_NOT_FOUND' });
};
