import { spawn } from 'node:child_process';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Account } from '../../src/database/embedded-account.js';
import { freePort } from './free-port.js';
import { TcpProxy } from './tcp-proxy.js';

const run = promisify(execFile);
const CONFIGURATION = join(import.meta.dirname, '..', '..', 'docs', 'operations', 'patroni.yml');

export const BINARIES = '/usr/lib/postgresql/15/bin';

interface Ports {
  readonly postgres: number;
  readonly rest: number;
}

/** One Patroni with its PostgreSQL. Whatever others reach it by, and it reaches etcd by, can fall silent. */
export class PatroniMember {
  private constructor(
    readonly name: string,
    private readonly folder: string,
    private readonly account: Account | undefined,
    private readonly ports: Ports,
    private readonly proxies: { readonly postgres: TcpProxy; readonly rest: TcpProxy; readonly etcd: TcpProxy },
  ) {}

  static async create(
    name: string,
    parent: string,
    account: Account | undefined,
    etcdPort: number,
  ): Promise<PatroniMember> {
    const folder = join(parent, name);
    const ports = { postgres: await freePort(), rest: await freePort() };
    const proxies = {
      postgres: await TcpProxy.toPort(ports.postgres),
      rest: await TcpProxy.toPort(ports.rest),
      etcd: await TcpProxy.toPort(etcdPort),
    };
    const member = new PatroniMember(name, folder, account, ports, proxies);
    await mkdir(folder, { mode: 0o755 });
    await writeFile(join(folder, 'patroni.yml'), member.configuration(await readFile(CONFIGURATION, 'utf8')));
    if (account !== undefined) await chown(folder, account.uid, account.gid);
    return member;
  }

  /** Where HAProxy finds PostgreSQL and Patroni. */
  get addresses(): Ports {
    return { postgres: this.proxies.postgres.listeningPort, rest: this.proxies.rest.listeningPort };
  }

  /** The API of this Patroni, also while it is silent to others. */
  get api(): string {
    return `http://127.0.0.1:${this.ports.rest}`;
  }

  get postgresPort(): number {
    return this.ports.postgres;
  }

  async start(): Promise<void> {
    const log = await open(join(this.folder, 'patroni.log'), 'a', 0o644);
    const child = spawn('python3', ['-m', 'patroni', join(this.folder, 'patroni.yml')], {
      cwd: this.folder,
      env: { PATH: process.env['PATH'], PYTHONPATH: join(this.folder, '..', 'python'), LC_ALL: 'C', HOME: this.folder },
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
      ...(this.account === undefined ? {} : { uid: this.account.uid, gid: this.account.gid }),
    });
    await once(child, 'spawn');
    await log.close();
    child.unref();
    await writeFile(join(this.folder, 'pid'), String(child.pid));
  }

  /** Patroni and all processes of its PostgreSQL. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    for (const pid of await this.pids()) {
      try {
        process.kill(pid, signal);
      } catch {
        // It has ended meanwhile.
      }
    }
  }

  beSilent(): void {
    for (const proxy of Object.values(this.proxies)) proxy.beSilent();
  }

  endSilence(): void {
    for (const proxy of Object.values(this.proxies)) proxy.endSilence();
  }

  async end(): Promise<void> {
    for (const proxy of Object.values(this.proxies)) await proxy.cut();
  }

  async log(): Promise<string> {
    return await readFile(join(this.folder, 'patroni.log'), 'utf8').catch(() => '');
  }

  private async pids(): Promise<readonly number[]> {
    const patroni = Number(await readFile(join(this.folder, 'pid'), 'utf8'));
    const lines = await readFile(join(this.folder, 'data', 'postmaster.pid'), 'utf8').catch(() => '');
    const postmaster = Number(lines.split('\n')[0]);
    if (postmaster === 0) return [patroni];
    const { stdout } = await run('pgrep', ['-P', String(postmaster)]).catch(() => ({ stdout: '' }));
    const backends = stdout.split('\n').filter((line) => line !== '');
    return [patroni, postmaster, ...backends.map(Number)];
  }

  /** What operators are given, with the addresses and folders of this member. */
  private configuration(documented: string): string {
    const { postgres, rest, etcd } = this.proxies;
    return documented
      .replace('name: one', `name: ${this.name}`)
      .replace('listen: 192.0.2.11:8008', `listen: 127.0.0.1:${this.ports.rest}`)
      .replace('connect_address: 192.0.2.11:8008', `connect_address: 127.0.0.1:${rest.listeningPort}`)
      .replace('listen: 192.0.2.11:5432', `listen: 127.0.0.1:${this.ports.postgres}`)
      .replace('connect_address: 192.0.2.11:5432', `connect_address: 127.0.0.1:${postgres.listeningPort}`)
      .replace(
        /etcd3:\n {2}hosts:\n(?: {4}- .*\n)+/,
        // Otherwise Patroni goes to the addresses that etcd tells, past the proxy.
        `etcd3:\n  use_proxies: true\n  hosts: 127.0.0.1:${etcd.listeningPort}\n`,
      )
      .replace('data_dir: /var/lib/postgresql/15/certkeep', `data_dir: ${join(this.folder, 'data')}`)
      .replace('/var/lib/postgresql/15/certkeep.pgpass', join(this.folder, 'pgpass'))
      .replace('/var/run/postgresql', this.folder);
  }
}
