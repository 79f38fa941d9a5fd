#!/usr/bin/env node
import { runProgram } from './program';

/** The bin of `@tandem/nest`, for the operators of a host application: it reads `TANDEM_<NAME>` and nothing else. */
runProgram({
  description: 'What the operators of an application with Tandem in it need.',
  commands: {
    migrate: () => (require('./migrate') as typeof import('./migrate')).migrate,
    users: () => (require('./users') as typeof import('./users')).users,
    sessions: () => (require('./sessions') as typeof import('./sessions')).sessions,
    limits: () => (require('./limits') as typeof import('./limits')).limits,
    block: () => (require('./block') as typeof import('./block')).block,
    keys: () => (require('./keys') as typeof import('./keys')).keys,
    secret: () => (require('./secret') as typeof import('./secret')).secret,
  },
  readEnv: () => {
    const config = require('../config/load-env') as typeof import('../config/load-env');
    return config.parseOptions(config.loadHostEnv());
  },
});
