import { availableParallelism } from 'node:os';

import { Injectable } from '@nestjs/common';

import { appError } from '../common/errors.js';
import { hashOfNothing, hashPassword, verifyPassword } from './argon2id.js';

/** Contract 4.8: each takes 19 MiB. */
const MOST_AT_A_TIME = 4;

/**
 * Of these so many compute at once that a core is left to everybody else: each keeps one busy for some 20 ms, and four
 * on two cores made a read that goes on beside them twelve times as slow.
 */
const COMPUTING = Math.max(1, Math.min(MOST_AT_A_TIME, availableParallelism() - 1));

/** Every argon2id of this process runs here, and no queue of any length stands before it. */
@Injectable()
export class PasswordHasher {
  private admitted = 0;
  private computing = 0;
  private readonly waiting: (() => void)[] = [];

  /** A password that nobody has: what is asked of no password costs as much as what is asked of one. */
  private readonly decoy = hashOfNothing();

  /** Throws the 503 that would come in the end, before anything is done for it. */
  requireRoom(): void {
    if (this.admitted < MOST_AT_A_TIME) return;
    throw appError(
      { code: 'errors.unavailable', message: 'Too many passwords are being checked at the moment.' },
      { retryAfterSeconds: 1, internal: `${this.admitted} argon2id are under way` },
    );
  }

  async hash(password: string): Promise<string> {
    return await this.run(async () => await hashPassword(password));
  }

  /** Whether it is the password of this hash; of none it never is, at the same cost. */
  async matches(hash: string | undefined, password: string): Promise<boolean> {
    const verified = await this.run(async () => await verifyPassword(hash ?? this.decoy, password));
    return verified && hash !== undefined;
  }

  private async run<Result>(work: () => Promise<Result>): Promise<Result> {
    this.requireRoom();
    this.admitted += 1;
    try {
      await this.turn();
      return await work();
    } finally {
      this.admitted -= 1;
      this.leave();
    }
  }

  private async turn(): Promise<void> {
    if (this.computing < COMPUTING) {
      this.computing += 1;
      return;
    }
    // Whoever leaves hands his place over.
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.computing -= 1;
    else next();
  }
}
