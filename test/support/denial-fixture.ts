/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { expect } from 'vitest';

import { DenialFeedService } from '../../src/certificates/denials/denial-feed.service.js';
import { DenialNumbering } from '../../src/certificates/denials/denial-numbering.js';
import { Fixture } from './fixture.js';
import { type Answer, CORE, send } from './http.js';

export const FEED = `${CORE}/100/certificate-denials`;

/** The feed of client 100, and for each test a user with a certificate of their own. Nothing is numbered by itself. */
export class DenialFixture {
  /** Of the current test. */
  user = '';
  path = '';
  count = 0;

  private constructor(
    readonly fixture: Fixture,
    readonly numbering: DenialNumbering,
    readonly feed: DenialFeedService,
    /** Of a gateway. */
    public token: string,
  ) {}

  static async start(): Promise<DenialFixture> {
    const fixture = await Fixture.start();
    const { app } = fixture;
    return new DenialFixture(fixture, app.get(DenialNumbering), app.get(DenialFeedService), await gateway(fixture));
  }

  get app() {
    return this.fixture.app;
  }

  async nextUser(): Promise<void> {
    this.count += 1;
    this.user = `user-${this.count}`;
    await this.fixture.builders.user('100', this.user, { firstName: 'Jane' });
    this.path = await this.fixture.register(`cert-${this.count}`, {}, this.user);
  }

  /** A token lasts shorter than denials are kept. */
  async advance(milliseconds: number): Promise<void> {
    this.app.clock.advance(milliseconds);
    this.token = await gateway(this.fixture);
  }

  async ask(query = ''): Promise<Answer> {
    return await send(this.app, 'GET', `${FEED}${query}`, { token: this.token });
  }

  async cursor(): Promise<string> {
    await this.numbering.number();
    return (await this.ask()).body.cursor as string;
  }

  /** What a change adds to the feed, without its times. */
  async deniedBy(change: () => Promise<unknown>): Promise<object[]> {
    const after = await this.cursor();
    await change();
    await this.numbering.number();
    const { body } = await this.ask(`?after=${after}`);
    expect(body.resync).toBe(false);
    return (body.items as { at: string }[]).map(({ at, ...rest }) => {
      expect(at).toMatch(/Z$/);
      return rest;
    });
  }

  /** Of the certificate of the current test. */
  async fingerprint(): Promise<string> {
    return (await this.fixture.read(this.path)).body.fingerprint as string;
  }

  async version(of: string): Promise<number> {
    return (await this.fixture.read(of)).body.version as number;
  }

  async patch(of: string, members: object): Promise<void> {
    requireOk(await this.fixture.patch(of, { version: await this.version(of), ...members }));
  }

  async post(to: string, body: object): Promise<Answer> {
    return await send(this.app, 'POST', to, { token: this.fixture.token, body });
  }
}

async function gateway({ app }: Fixture): Promise<string> {
  return await app.token({ roles: ['nevisIdm.Gateway'], sub: 'gateway' });
}

export function requireOk({ status, body }: Answer): void {
  expect([status, body]).toEqual([200, expect.anything()]);
}
