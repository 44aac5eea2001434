import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from 'pg';
import { vi } from 'vitest';

import { accountFor, runAs } from '../../src/database/embedded-account.js';
import { freePort } from './free-port.js';
import { BINARIES, PatroniMember } from './patroni-member.js';

const ROOT = join(import.meta.dirname, '..', '..');
const PATRONI = join(ROOT, '.cache', 'patroni');
const HAPROXY = join(ROOT, 'docs', 'operations', 'haproxy-database.cfg');
const USER = 'postgres:SUPERUSER-PASSWORD';
const NAMES = ['one', 'two', 'three'] as const;

/** For `test.skipIf`; prints what is skipped, and why. */
export function isPatroniMissing(): boolean {
  const missing = [
    ...(existsSync(PATRONI) ? [] : ['Patroni (node scripts/patroni.mjs)']),
    ...(existsSync(join(BINARIES, 'pg_rewind')) ? [] : ['PostgreSQL 15 (Debian: postgresql-15)']),
    ...(spawnSync('etcd', ['--version']).status === 0 ? [] : ['etcd (Debian: etcd-server)']),
    ...(spawnSync('haproxy', ['-v']).status === 0 ? [] : ['HAProxy (Debian: haproxy)']),
  ];
  if (missing.length > 0) console.log(`Not installed: ${missing.join(', ')}. The tests of failover are skipped.`);
  return missing.length > 0;
}

interface Member {
  readonly name: string;
  readonly role: string;
  readonly state: string;
}

/** Three PostgreSQL under Patroni with synchronous replication, and HAProxy, as docs/operations configures them. */
export class PatroniCluster {
  private constructor(
    readonly members: readonly PatroniMember[],
    private readonly ports: { readonly primary: number; readonly replica: number },
    private readonly etcd: Etcd,
    private readonly guard: ChildProcess,
  ) {}

  static async start(): Promise<PatroniCluster> {
    const folder = await mkdtemp(join(tmpdir(), 'certkeep-patroni-'));
    await chmod(folder, 0o755);
    const guard = spawn(process.execPath, [join(import.meta.dirname, 'run-patroni.mjs'), folder], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // The account of PostgreSQL may have no access to this checkout.
    await cp(PATRONI, join(folder, 'python'), { recursive: true });
    await runAs(undefined, 'chmod', ['-R', 'a+rX', join(folder, 'python')]);
    const account = await accountFor(join(folder, 'none'));
    const etcd = await Etcd.create(folder);
    await etcd.start();
    const members: PatroniMember[] = [];
    for (const name of NAMES) members.push(await PatroniMember.create(name, folder, account, etcd.port));
    const ports = { primary: await freePort(), replica: await freePort() };
    await startHaproxy(folder, ports, members);
    for (const member of members) await member.start();
    const cluster = new PatroniCluster(members, ports, etcd, guard);
    await cluster.isHealthy();
    await cluster.sql('create database certkeep', 'postgres');
    return cluster;
  }

  async end(): Promise<void> {
    const ended = once(this.guard, 'exit');
    this.guard.stdin?.end();
    await ended;
    for (const member of this.members) await member.end();
  }

  /** The database by HAProxy, on the primary or on a replica. */
  url(role: 'primary' | 'replica' = 'primary', database = 'certkeep'): string {
    return `postgres://${USER}@127.0.0.1:${this.ports[role]}/${database}`;
  }

  async primary(): Promise<PatroniMember> {
    const leader = (await this.seen()).find(({ role }) => role === 'leader')?.name;
    const found = this.members.find(({ name }) => name === leader);
    if (found === undefined) throw new Error('There is no primary.');
    return found;
  }

  /** Kills etcd, without which Patroni has no primary; `startEtcd` starts it again with what it had. */
  async killEtcd(): Promise<void> {
    await this.etcd.kill();
  }

  async startEtcd(): Promise<void> {
    await this.etcd.start();
  }

  /** Resolves once there are a primary, a synchronous standby and another replica, and HAProxy leads to the primary. */
  async isHealthy(): Promise<void> {
    await vi.waitFor(
      async () => {
        const seen = await this.seen();
        const roles = seen.map(({ role, state }) => `${role} ${state}`).toSorted();
        if (String(roles) !== 'leader running,replica streaming,sync_standby streaming') {
          throw new Error(
            `${String(roles)}\n${(await Promise.all(this.members.map(async (one) => await one.log()))).join('\n----\n').slice(-6_000)}`,
          );
        }
        await this.sql('select 1', 'postgres');
      },
      { timeout: 300_000, interval: 500 },
    );
  }

  async sql<Row>(text: string, database = 'certkeep'): Promise<Row[]> {
    const client = new Client({ connectionString: this.url('primary', database), connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(text)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  /** What the Patronis say of each other: the first one that answers. */
  private async seen(): Promise<readonly Member[]> {
    const ask = async ({ api }: PatroniMember): Promise<readonly Member[]> => {
      const answer = await fetch(`${api}/cluster`, { signal: AbortSignal.timeout(2_000) });
      return ((await answer.json()) as { members: Member[] }).members;
    };
    return await Promise.any(this.members.map(ask));
  }
}

/** A cluster of one etcd. */
class Etcd {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    readonly port: number,
    private readonly peerPort: number,
  ) {}

  static async create(parent: string): Promise<Etcd> {
    const folder = join(parent, 'etcd');
    await mkdir(folder);
    return new Etcd(folder, await freePort(), await freePort());
  }

  async start(): Promise<void> {
    this.child = await startIn(this.folder, 'etcd', [
      `--data-dir=${join(this.folder, 'data')}`,
      `--listen-client-urls=http://127.0.0.1:${this.port}`,
      `--advertise-client-urls=http://127.0.0.1:${this.port}`,
      `--listen-peer-urls=http://127.0.0.1:${this.peerPort}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${this.peerPort}`,
      `--initial-cluster=default=http://127.0.0.1:${this.peerPort}`,
    ]);
  }

  async kill(): Promise<void> {
    if (this.child === undefined) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}

/** What operators are given, with the addresses of these members. */
async function startHaproxy(
  folder: string,
  ports: { readonly primary: number; readonly replica: number },
  members: readonly PatroniMember[],
): Promise<void> {
  let configuration = (await readFile(HAPROXY, 'utf8'))
    .replace('127.0.0.1:5432', `127.0.0.1:${ports.primary}`)
    .replace('127.0.0.1:5433', `127.0.0.1:${ports.replica}`);
  for (const [index, { addresses }] of members.entries()) {
    configuration = configuration.replaceAll(
      `192.0.2.1${index + 1}:5432 port 8008`,
      `127.0.0.1:${addresses.postgres} port ${addresses.rest}`,
    );
  }
  await mkdir(join(folder, 'haproxy'));
  await writeFile(join(folder, 'haproxy', 'haproxy.cfg'), configuration);
  await startIn(join(folder, 'haproxy'), 'haproxy', ['-db', '-f', join(folder, 'haproxy', 'haproxy.cfg')]);
}

/** Its number is in the file `pid`, by which the guard ends it. */
async function startIn(folder: string, program: string, args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(program, args, { cwd: folder, stdio: 'ignore' });
  await once(child, 'spawn');
  await writeFile(join(folder, 'pid'), String(child.pid));
  return child;
}
