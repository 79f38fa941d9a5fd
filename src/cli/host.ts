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
    sms: () => (require('./sms') as typeof import('./sms')).sms,
    webhooks: () => (require('./webhooks') as typeof import('./webhooks')).webhooks,
    audit: () => (require('./audit') as typeof import('./audit')).audit,
    keys: () => (require('./keys') as typeof import('./keys')).keys,
    numbers: () => (require('./numbers') as typeof import('./numbers')).numbers,
    secret: () => (require('./secret') as typeof import('./secret')).secret,
  },
  readEnv: () => {
    const config = require('../config/load-env') as typeof import('../config/load-env');
    return config.parseOptions(config.loadHostEnv());
  },
});
