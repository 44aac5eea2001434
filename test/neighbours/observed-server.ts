import { readdir, readFile } from 'node:fs/promises';

import type { DataSource } from 'typeorm';

/** The maximum resources that a server used, and its CPU time in hundredths of one processor. */
export interface Observation {
  /** Resident MB of the server, at the start and at most, and of its largest child process. */
  readonly residentAtFirst: number;
  readonly resident: number;
  readonly residentOfChild: number;
  readonly descriptors: number;
  /** The maximum number of active statements, and of those that waited for a lock. */
  readonly statements: number;
  readonly locked: number;
  readonly processor: {
    /** The thread of the event loop, the other threads of the server, and its child processes. */
    readonly eventLoop: number;
    readonly otherThreads: number;
    readonly children: number;
    readonly postgres: number;
    readonly attackers: number;
    /** All other processes on the machine: the more they use, the longer are all times. */
    readonly others: number;
  };
}

interface Activity {
  readonly pid: number;
  readonly active: boolean;
  readonly locked: boolean;
}

/** Samples the processes of a server and its database ten times a second, on Linux. */
export class ObservedServer {
  private readonly times = new Map<string, { first: number; last: number }>();
  private maxima = { resident: 0, residentOfChild: 0, descriptors: 0, statements: 0, locked: 0 };
  private residentAtFirst = 0;
  private began = performance.now();
  private looking: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly pid: number,
    private readonly dataSource: DataSource,
  ) {}

  async descriptors(): Promise<number> {
    return (await readdir(`/proc/${this.pid}/fd`)).length;
  }

  async begin(attackers: () => readonly number[]): Promise<void> {
    this.times.clear();
    this.maxima = { resident: 0, residentOfChild: 0, descriptors: 0, statements: 0, locked: 0 };
    this.began = performance.now();
    await this.sample(attackers());
    this.residentAtFirst = this.maxima.resident;
    let busy = false;
    this.timer = setInterval(() => {
      if (busy) return;
      busy = true;
      this.looking = this.sample(attackers()).finally(() => (busy = false));
    }, 100);
  }

  /** Since it began. */
  async end(): Promise<Observation> {
    clearInterval(this.timer);
    await this.looking;
    const ticks = (kind: string): number =>
      [...this.times].reduce((sum, [key, { first, last }]) => sum + (key.startsWith(kind) ? last - first : 0), 0);
    // A tick is a hundredth of a second.
    const share = (amount: number): number => Math.round(amount / ((performance.now() - this.began) / 1000));
    const eventLoop = ticks('event loop');
    const ours = ['server', 'child', 'postgres', 'attacker'].reduce((sum, kind) => sum + ticks(kind), 0);
    return {
      ...this.maxima,
      residentAtFirst: this.residentAtFirst,
      processor: {
        eventLoop: share(eventLoop),
        otherThreads: share(ticks('server') - eventLoop),
        children: share(ticks('child')),
        postgres: share(ticks('postgres')),
        attackers: share(ticks('attacker')),
        others: share(ticks('machine') - ours),
      },
    };
  }

  private async sample(attackers: readonly number[]): Promise<void> {
    const { pid } = this;
    const children = await childrenOf(pid);
    const activity = await this.dataSource.query<Activity[]>(
      `select pid, state = 'active' as active, state = 'active' and wait_event_type = 'Lock' as locked
        from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    const sizes = await Promise.all(children.map(residentMegabytes));
    this.maxima = {
      resident: Math.max(this.maxima.resident, await residentMegabytes(pid)),
      residentOfChild: Math.max(this.maxima.residentOfChild, ...sizes),
      descriptors: Math.max(this.maxima.descriptors, await this.descriptors()),
      statements: Math.max(this.maxima.statements, activity.filter(({ active }) => active).length),
      locked: Math.max(this.maxima.locked, activity.filter(({ locked }) => locked).length),
    };
    await Promise.all([
      this.note('server', `/proc/${pid}/stat`),
      this.note('event loop', `/proc/${pid}/task/${pid}/stat`),
      this.note('machine', '/proc/stat'),
      ...children.map(async (child) => await this.note(`child ${child}`, `/proc/${child}/stat`)),
      ...activity.map(async (backend) => await this.note(`postgres ${backend.pid}`, `/proc/${backend.pid}/stat`)),
      ...attackers.map(async (attacker) => await this.note(`attacker ${attacker}`, `/proc/${attacker}/stat`)),
    ]);
  }

  private async note(key: string, path: string): Promise<void> {
    const ticks = await readFile(path, 'utf8').then(ticksOf, () => undefined);
    if (ticks === undefined) return;
    const known = this.times.get(key);
    this.times.set(key, { first: known?.first ?? ticks, last: ticks });
  }
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}

/** 0 for a process that has just ended. */
async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1000);
}

/** User and system time of a process or thread (proc(5)), or of all processors. */
function ticksOf(stat: string): number {
  if (stat.startsWith('cpu')) {
    const [user = 0, nice = 0, system = 0] = stat.slice(3).trim().split(/\s+/).map(Number);
    return user + nice + system;
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
