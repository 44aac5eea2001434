import { Injectable } from '@nestjs/common';

import { appError } from '../common/errors.js';
import { hashOfNothing, hashPassword, verifyPassword } from './argon2id.js';

/** Contract 4.8: each takes 19 MiB and one of Node's worker threads, of which there are four. */
const MOST_AT_A_TIME = 4;

/** Every argon2id of this process runs here: as many at a time as the machine can bear, and no queue behind them. */
@Injectable()
export class PasswordHasher {
  private running = 0;

  /** A password nobody has: what is asked of no password costs as much as what is asked of one. */
  private readonly decoy = hashOfNothing();

  async hash(password: string): Promise<string> {
    return await this.run(async () => await hashPassword(password));
  }

  /** Whether it is the password of this hash; of none it never is, at the same cost. */
  async matches(hash: string | undefined, password: string): Promise<boolean> {
    const verified = await this.run(async () => await verifyPassword(hash ?? this.decoy, password));
    return verified && hash !== undefined;
  }

  private async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.running >= MOST_AT_A_TIME) {
      throw appError(
        { code: 'errors.unavailable', message: 'Too many passwords are being checked at the moment.' },
        { retryAfterSeconds: 1, internal: `${this.running} argon2id are running` },
      );
    }
    this.running += 1;
    try {
      return await work();
    } finally {
      this.running -= 1;
    }
  }
}
