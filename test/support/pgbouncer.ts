import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { accountFor } from '../../src/database/embedded-account.js';
import { freePort } from './free-port.js';

const CONFIGURATION = join(import.meta.dirname, '..', '..', 'docs', 'operations', 'pgbouncer.ini');
/** With a pause of 50 ms between them: two minutes, for a busy machine. */
const ATTEMPTS = 2_400;

/** For `test.skipIf`; prints what is skipped, and why. */
export function isPgbouncerMissing(): boolean {
  if (spawnSync('pgbouncer', ['--version']).status === 0) return false;
  console.log('PgBouncer is not installed (Debian: apt-get install pgbouncer): the tests that need it are skipped.');
  return true;
}

/** A real PgBouncer in transaction mode, as docs/operations configures it, before the server of a URL. */
export class Pgbouncer {
  private constructor(
    private readonly port: number,
    private readonly end: () => Promise<void>,
  ) {}

  static async start(databaseUrl: string, poolSize: number): Promise<Pgbouncer> {
    const folder = await mkdtemp(join(tmpdir(), 'certkeep-pgbouncer-'));
    const { hostname, port: serverPort, username, password } = new URL(databaseUrl);
    const port = await freePort();
    const users = join(folder, 'userlist.txt');
    const configuration = (await readFile(CONFIGURATION, 'utf8'))
      .replace('host=192.0.2.10 port=5432', `host=${hostname} port=${serverPort}`)
      .replace('listen_port = 6432', `listen_port = ${port}`)
      .replace('/etc/pgbouncer/userlist.txt', users)
      .replace('default_pool_size = 20', `default_pool_size = ${poolSize}`);
    await writeFile(users, `"${username}" "${decodeURIComponent(password)}"\n`, { mode: 0o644 });
    await writeFile(join(folder, 'pgbouncer.ini'), configuration, { mode: 0o644 });
    await chmod(folder, 0o755);
    // It refuses to run as root.
    const account = await accountFor(join(folder, 'none'));
    const child = spawn('pgbouncer', ['--quiet', join(folder, 'pgbouncer.ini')], {
      stdio: 'ignore',
      ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
    });
    const ended = once(child, 'exit');
    await answers(port);
    return new Pgbouncer(port, async () => {
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true });
    });
  }

  /** The same database through the pooler. */
  through(databaseUrl: string): string {
    const url = new URL(databaseUrl);
    url.hostname = '127.0.0.1';
    url.port = String(this.port);
    return url.href;
  }

  async stop(): Promise<void> {
    await this.end();
  }
}

async function answers(port: number): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await pause(50);
    } finally {
      socket.destroy();
    }
  }
}
