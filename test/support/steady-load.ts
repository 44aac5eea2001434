import { Agent, request } from 'node:http';

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly expected: number;
}

/** Callers that send requests on persistent connections, each the next one as soon as the previous one is answered. */
export class SteadyLoad {
  readonly lost: string[] = [];
  answered = 0;
  private readonly agent = new Agent({ keepAlive: true });
  private readonly milestones = new Set<() => void>();
  private stopped = false;

  constructor(
    private readonly port: number,
    private readonly headers: Readonly<Record<string, string>>,
  ) {}

  /** Runs until `stop`; `calls` returns the next call of a caller. */
  async run(callers: number, calls: (caller: number, number: number) => Call): Promise<void> {
    const loops = Array.from({ length: callers }, async (_, caller) => {
      for (let number = 0; !this.stopped; number += 1) await this.make(calls(caller, number));
    });
    await Promise.all(loops);
    this.agent.destroy();
  }

  stop(): void {
    this.stopped = true;
  }

  async reaches(count: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (this.answered + this.lost.length < count) return;
        this.milestones.delete(check);
        resolve();
      };
      this.milestones.add(check);
      check();
    });
  }

  private async make(call: Call): Promise<void> {
    const outcome = await this.exchange(call);
    if (outcome === String(call.expected)) this.answered += 1;
    else this.lost.push(`${call.method} ${call.path}: ${outcome}`);
    for (const check of this.milestones) check();
  }

  private async exchange({ method, path, body, expected }: Call): Promise<string> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = { ...this.headers, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) };
    return await new Promise((resolve) => {
      const failed = (error: Error): void => resolve(error.message);
      const options = { host: '127.0.0.1', port: this.port, method, path, headers, agent: this.agent };
      request(options, (answer) => {
        let said = '';
        answer.setEncoding('utf8').on('data', (more: string) => (said += more));
        answer.on('error', failed).on('end', () => {
          resolve(answer.statusCode === expected ? String(expected) : `${answer.statusCode} ${said}`);
        });
      })
        .on('error', failed)
        .end(text);
    });
  }
}
