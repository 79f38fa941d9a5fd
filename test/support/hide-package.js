/* oxlint-disable no-underscore-dangle -- Node resolves in no other place that can be replaced */
/** Preloaded into a process that is to find npm packages not installed: HIDDEN_PACKAGE is what their names begin with. */
const Module = require('node:module');

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  if (!request.startsWith(process.env.HIDDEN_PACKAGE)) return resolve.call(this, request, ...rest);
  throw Object.assign(new Error(`Cannot find module '${request}'`), { code: 'MODULE_NOT_FOUND' });
};
