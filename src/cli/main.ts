#!/usr/bin/env node
import { runProgram } from './program';

/** The bin of the server, whose configuration is in the environment and in `.env`. */
runProgram({
  description: 'Phone-first authentication: the server, and what its operators need.',
  commands: {
    start: () => (require('./start') as typeof import('./start')).start,
    migrate: () => (require('./migrate') as typeof import('./migrate')).migrate,
    doctor: () => (require('./doctor') as typeof import('./doctor')).doctor,
    users: () => (require('./users') as typeof import('./users')).users,
    sessions: () => (require('./sessions') as typeof import('./sessions')).sessions,
    limits: () => (require('./limits') as typeof import('./limits')).limits,
    block: () => (require('./block') as typeof import('./block')).block,
    sms: () => (require('./sms') as typeof import('./sms')).sms,
    webhooks: () => (require('./webhooks') as typeof import('./webhooks')).webhooks,
    support: () => (require('./support') as typeof import('./support')).support,
    audit: () => (require('./audit') as typeof import('./audit')).audit,
    keys: () => (require('./keys') as typeof import('./keys')).keys,
    secret: () => (require('./secret') as typeof import('./secret')).secret,
    numbers: () => (require('./numbers') as typeof import('./numbers')).numbers,
    openapi: () => (require('./openapi') as typeof import('./openapi')).openapi,
  },
  readEnv: () => (require('../config/load-env') as typeof import('../config/load-env')).loadEnv(),
});
