import type { Environment } from './environment.js';

/** Those about TLS that the driver reads. It ignores all others, and would then connect without encryption. */
const TLS_PARAMETERS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation', 'ssl', 'uselibpqcompat'];

/** The problem quotes nothing of the URL, which may contain a password. */
export function readDatabaseUrl(
  environment: Environment,
  name: 'DATABASE_URL' | 'DATABASE_DIRECT_URL' | 'DATABASE_REPLICA_URL',
): string | undefined {
  const url = environment.secretText(name);
  if (url === undefined) return undefined;
  if (!/^postgres(ql)?:\/\//.test(url)) {
    environment.problem(`${name} must begin with postgres:// or postgresql://.`);
  }
  const parameters = [...new URLSearchParams(url.split('?')[1] ?? '').keys()];
  if (parameters.some((parameter) => /ssl|tls/i.test(parameter) && !TLS_PARAMETERS.includes(parameter))) {
    environment.problem(
      `${name} has a parameter about TLS that is unknown, and would be ignored. Known are ${TLS_PARAMETERS.join(', ')}.`,
    );
  }
  return url;
}
