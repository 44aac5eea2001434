import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { vi } from 'vitest';

import { freePort } from './built-server.js';

const GATEWAYS = join(import.meta.dirname, '..', '..', 'docs', 'gateways.md');

/** The lines of the fenced block of docs/gateways.md in this language. */
export async function documentedLines(language: string): Promise<string> {
  const page = await readFile(GATEWAYS, 'utf8');
  const [, lines] = new RegExp(`\`\`\`${language}\n([^\`]+)\`\`\``).exec(page) ?? [];
  if (lines === undefined) throw new Error(`docs/gateways.md has no block of ${language}.`);
  return lines;
}

/** Certificates made by OpenSSL: files of the certificate and its key. */
export function opensslCertificate(folder: string, name: string): { readonly cert: string; readonly key: string } {
  const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const { status, stderr } = spawnSync('openssl', [
    'req',
    ...kind,
    '-subj',
    `/CN=${name}`,
    '-keyout',
    key,
    '-out',
    cert,
  ]);
  if (status !== 0) throw new Error(String(stderr));
  return { cert, key };
}

/** A real proxy before a local server, which ends TLS and forwards the client certificate by the given lines. */
export class CertificateProxy {
  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(program: 'nginx' | 'haproxy', lines: string, upstream: number): Promise<CertificateProxy> {
    const folder = await mkdtemp(join(tmpdir(), `certkeep-${program}-`));
    const port = await freePort();
    const { cert, key } = opensslCertificate(folder, 'localhost');
    await writeFile(join(folder, 'certkeep.pem'), (await readFile(cert, 'utf8')) + (await readFile(key, 'utf8')));
    await writeFile(join(folder, 'client-ca.pem'), await readFile(cert));
    const file = join(folder, 'configuration');
    const local = lines.replaceAll('/etc/haproxy/', `${folder}/`).replace('bind :443', `bind 127.0.0.1:${port}`);
    const configuration = program === 'nginx' ? nginx(port, folder, local, upstream) : haproxy(local, upstream);
    await writeFile(file, configuration);
    const args =
      program === 'nginx' ? ['-p', folder, '-c', file, '-e', join(folder, 'error.log')] : ['-db', '-f', file];
    const child = spawn(program, args, { stdio: 'ignore' });
    await once(child, 'spawn');
    await vi.waitFor(async () => {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect').finally(() => socket.destroy());
    }, 20_000);
    return new CertificateProxy(port, folder, child);
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
    await rm(this.folder, { recursive: true });
  }
}

function nginx(port: number, folder: string, lines: string, upstream: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`);
  return `
daemon off;
master_process off;
pid ${folder}/pid;
events {}
http {
  ${temporary.join('\n  ')}
  access_log off;
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${folder}/localhost.pem;
    ssl_certificate_key ${folder}/localhost.key;
${lines}
    location / { proxy_pass http://127.0.0.1:${upstream}; }
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
