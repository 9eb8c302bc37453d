// Throw-away certificates for https tests, made by openssl: a CA, a server certificate for 127.0.0.1 and localhost,
// and a client certificate. Tests that use them say `{ skip: needs('openssl') }`.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TestCertificates {
  /** Paths of PEM files. */
  readonly caPath: string;
  readonly clientCertPath: string;
  readonly clientKeyPath: string;
  /** PEM texts. */
  readonly ca: string;
  readonly serverCert: string;
  readonly serverKey: string;
}

/** Makes the files in `folder`. */
export function makeCertificates(folder: string): TestCertificates {
  const path = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=test ca', '-days', '2');
  writeFileSync(path('server.ext'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
  writeFileSync(path('client.ext'), 'extendedKeyUsage=clientAuth\n');
  for (const name of ['server', 'client']) {
    openssl('req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=test ${name}`);
    const ca = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial'];
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      ...ca,
      '-days',
      '2',
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.crt`,
    );
  }
  return {
    caPath: path('ca.crt'),
    clientCertPath: path('client.crt'),
    clientKeyPath: path('client.key'),
    ca: readFileSync(path('ca.crt'), 'utf8'),
    serverCert: readFileSync(path('server.crt'), 'utf8'),
    serverKey: readFileSync(path('server.key'), 'utf8'),
  };
}
