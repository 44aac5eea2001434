import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from './free-port.js';
import { ProxyProcess, startProxy } from './proxy-process.js';

const GATEWAYS = join(import.meta.dirname, '..', '..', 'docs', 'gateways.md');

/** The lines of the fenced block of docs/gateways.md in this language. */
export async function documentedLines(language: string): Promise<string> {
  const page = await readFile(GATEWAYS, 'utf8');
  const [, lines] = new RegExp(`\`\`\`${language}\n([^\`]+)\`\`\``).exec(page) ?? [];
  if (lines === undefined) throw new Error(`docs/gateways.md has no block of ${language}.`);
  return lines;
}

export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** The extensions of a certificate that OpenSSL signs for a CA. */
const LEAF = `
[req]
distinguished_name = name
[name]
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
`;

/** A certificate made by OpenSSL, self-signed without an issuer: the files of the certificate and its key. */
export function opensslCertificate(folder: string, name: string, issuer?: CertificateFiles): CertificateFiles {
  const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  const configuration = join(folder, 'openssl.cnf');
  writeFileSync(configuration, LEAF);
  const signed =
    issuer === undefined
      ? []
      : ['-CA', issuer.cert, '-CAkey', issuer.key, '-config', configuration, '-extensions', 'leaf'];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const files = ['-subj', `/CN=${name}`, '-keyout', key, '-out', cert];
  const { status, stderr } = spawnSync('openssl', ['req', ...kind, ...signed, ...files]);
  if (status !== 0) throw new Error(String(stderr));
  return { cert, key };
}

export interface NginxExtras {
  /** Lines of the `http` block. */
  readonly http?: string;
  /** The bearer token of the gateway. */
  readonly token?: string;
}

/**
 * A real proxy before a local server, which ends TLS and forwards the client certificate by the given lines. In nginx,
 * `http://application` shows the user and the method that it receives.
 */
export class CertificateProxy extends ProxyProcess {
  static async start(
    program: 'nginx' | 'haproxy',
    lines: string,
    upstream: number,
    { http = '', token = '' }: NginxExtras = {},
  ): Promise<CertificateProxy> {
    const folder = await mkdtemp(join(tmpdir(), `certkeep-${program}-`));
    const port = await freePort();
    const { cert, key } = opensslCertificate(folder, 'localhost');
    await writeFile(join(folder, 'certkeep.pem'), (await readFile(cert, 'utf8')) + (await readFile(key, 'utf8')));
    await writeFile(join(folder, 'client-ca.pem'), await readFile(cert));
    await writeFile(join(folder, 'certkeep-token.conf'), `proxy_set_header Authorization "Bearer ${token}";\n`);
    const file = join(folder, 'configuration');
    const inFolder = (text: string): string =>
      text.replaceAll(/\/(?:etc|var\/cache)\/(?:haproxy|nginx)\//g, `${folder}/`);
    const local = inFolder(lines).replace('bind :443', `bind 127.0.0.1:${port}`);
    const configuration =
      program === 'nginx' ? nginx(port, folder, inFolder(http), local, upstream) : haproxy(local, upstream);
    await writeFile(file, configuration);
    const args =
      program === 'nginx' ? ['-p', folder, '-c', file, '-e', join(folder, 'error.log')] : ['-db', '-f', file];
    return new CertificateProxy(port, folder, await startProxy(program, args, port));
  }
}

function nginx(port: number, folder: string, http: string, lines: string, upstream: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`);
  return `
daemon off;
master_process off;
pid ${folder}/pid;
events {}
http {
  ${temporary.join('\n  ')}
  access_log off;
  upstream certkeep { server 127.0.0.1:${upstream}; }
  upstream application { server unix:${folder}/application; }
${http}
  server {
    listen unix:${folder}/application;
    location / { return 200 "$request_method $http_x_user_ext_id"; }
  }
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${folder}/localhost.pem;
    ssl_certificate_key ${folder}/localhost.key;
${lines}
    ${lines.includes('location / {') ? '' : 'location / { proxy_pass http://certkeep; }'}
  }
}
`;
}

function haproxy(lines: string, upstream: number): string {
  return `
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend https
${lines}
  default_backend certkeep
backend certkeep
  server one 127.0.0.1:${upstream}
`;
}
