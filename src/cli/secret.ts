import { createHash, randomBytes } from 'node:crypto';

/** `npm run secret`: a fresh secret, and the digest of it that `SERVICE_CLIENTS` wants. */
const secret = randomBytes(48).toString('base64url');
console.log(secret);
console.error(`SHA-256, for SERVICE_CLIENTS: ${createHash('sha256').update(secret).digest('hex')}`);
