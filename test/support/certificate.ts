import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { newDataDirectory } from './servers/private-server';

/** A key, and a certificate for a host that it signs itself. */
export function makeCertificate(host: string): { key: string; certificate: string } {
  const directory = newDataDirectory('tls');
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
  const subject = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
  const kind = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', ...kind, ...subject, '-keyout', key, '-out', certificate], {
    stdio: 'ignore',
  });
  return { key, certificate };
}
