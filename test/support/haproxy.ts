import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { vi } from 'vitest';

import { freePort } from './free-port.js';
import { ProxyProcess, startProxy } from './proxy-process.js';

const DOCUMENTED = join(import.meta.dirname, '..', '..', 'docs', 'operations', 'haproxy.cfg');

/** The interval of the health checks, and the number of failures after which a server is down. */
export const PROBES = { interMs: 300, fall: 2 } as const;

/** For `test.skipIf`; prints what is skipped, and why. */
export function isHaproxyMissing(): boolean {
  if (spawnSync('haproxy', ['-v']).status === 0) return false;
  console.log('HAProxy is not installed (Debian: apt-get install haproxy): the rolling restarts are skipped.');
  return true;
}

/** A real HAProxy before local servers. It does not retry, so that the caller sees every lost request. */
export class Haproxy extends ProxyProcess {
  static async start(servers: Readonly<Record<string, number>>): Promise<Haproxy> {
    return await Haproxy.run((port, admin) => configuration(port, admin, servers));
  }

  /** As docs/operations configures it, without TLS, before one server. */
  static async documented(serverPort: number): Promise<Haproxy> {
    const documented = await readFile(DOCUMENTED, 'utf8');
    return await Haproxy.run((port, admin) =>
      documented
        .replace('global\n', `global\n  stats socket ${admin}\n`)
        .replace(/bind :443 .*/, `bind 127.0.0.1:${port}`)
        .replaceAll('127.0.0.1:3000', `127.0.0.1:${serverPort}`),
    );
  }

  private static async run(configure: (port: number, admin: string) => string): Promise<Haproxy> {
    const folder = await mkdtemp(join(tmpdir(), 'certkeep-haproxy-'));
    const port = await freePort();
    await writeFile(join(folder, 'haproxy.cfg'), configure(port, join(folder, 'admin')));
    const child = await startProxy('haproxy', ['-db', '-f', join(folder, 'haproxy.cfg')], port);
    return new Haproxy(port, folder, child);
  }

  /** Resolves once HAProxy reports this state (`UP`, `DOWN`) of the server in this backend. */
  async sees(server: string, state: string, backend = 'certkeep'): Promise<void> {
    await vi.waitFor(async () => {
      const line = (await this.statistics()).find((columns) => columns[0] === backend && columns[1] === server);
      if (!line?.includes(state)) throw new Error(`${server} is not ${state}: ${String(line)}`);
    }, 120_000);
  }

  private async statistics(): Promise<string[][]> {
    const socket = connect(join(this.folder, 'admin'));
    socket.write('show stat\n');
    return (await text(socket)).split('\n').map((line) => line.split(','));
  }
}

function configuration(port: number, admin: string, servers: Readonly<Record<string, number>>): string {
  const lines = Object.entries(servers).map(([name, of]) => `  server ${name} 127.0.0.1:${of}`);
  return `
global
  stats socket ${admin}
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  # Neither a connection nor a request is tried a second time, on the same server or on the other one.
  retries 0
  no option redispatch
  retry-on none
frontend callers
  bind 127.0.0.1:${port}
  default_backend certkeep
backend certkeep
  balance roundrobin
  http-reuse always
  # Below the time after which the server ends a connection that waits.
  option httpchk GET /health/ready
  default-server check inter ${PROBES.interMs}ms fall ${PROBES.fall} rise 1 pool-purge-delay 1s
${lines.join('\n')}
`;
}
