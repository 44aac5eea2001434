import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { jwtVerify } from 'jose';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createDatabase } from '../support/database.js';
import { BuiltProgram } from '../support/process.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certkeep-commands-'));
});

afterAll(async () => await rm(folder, { recursive: true }));

interface Ended {
  readonly code: number;
  readonly output: string;
}

async function run(path: string, args: readonly string[], variables: Readonly<Record<string, string>>): Promise<Ended> {
  const program = BuiltProgram.start(path, variables, args);
  return { code: await program.exit(), output: program.output };
}

const token = async (...args: string[]): Promise<Ended> =>
  await run('commands/token.js', args, { CERTKEEP_DATA: join(folder, 'data') });

const secret = async (name: string): Promise<Buffer> => await readFile(join(folder, 'data', 'secrets', name));

test("a token stands alone on the output, signed with the embedded mode's secret", async () => {
  const { code, output } = await token('--sub', 'helper-7', '--role', 'nevisIdm.Helpdesk', '--expires', '90s');
  expect(code).toBe(0);
  expect(output).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  const { payload } = await jwtVerify(output.trim(), await secret('jwt'), { issuer: 'certkeep', audience: 'certkeep' });
  expect(payload).toMatchObject({ sub: 'helper-7', client_ext_id: '100', roles: ['nevisIdm.Helpdesk'] });
  expect(Number(payload.exp) - Number(payload.iat)).toBe(90);
});

test('4.5 an X-Token is signed with the other secret and lives as long as the setting says', async () => {
  const { output } = await token('--sub', 'jane', '--client', '200', '--x-token');
  const { payload } = await jwtVerify(output.trim(), await secret('x-token'), { audience: 'certkeep:x-token' });
  expect(payload).toMatchObject({ sub: 'jane', client_ext_id: '200' });
  expect(Number(payload.exp) - Number(payload.iat)).toBe(3600);
});

test('wrong words are one message and exit code 2', async () => {
  const { code, output } = await token('--subject', 'jane');
  expect(code).toBe(2);
  expect(output).toContain("Unknown option '--subject'");
  expect(output).toContain('Usage: npm run -s token');
  expect(output).not.toMatch(/^ +at /m);
});

test('outside the embedded mode no token is made', async () => {
  for (const [name, letter] of [
    ['a', 'a'],
    ['b', 'b'],
  ] as const)
    await writeFile(join(folder, name), letter.repeat(32));
  const { code, output } = await run('commands/token.js', ['--sub', 'jane'], {
    DATABASE_URL: 'postgres://127.0.0.1/certkeep',
    JWT_ISSUER: 'issuer',
    JWT_AUDIENCE: 'audience',
    JWT_SECRET_FILE: join(folder, 'a'),
    X_TOKEN_SECRET_FILE: join(folder, 'b'),
  });
  expect(code).toBe(1);
  expect(output).toContain('signs with the secret of the embedded developer mode only');
});

test(
  'migrations run alone, and a server that must not run them refuses a database without',
  { timeout: 120_000 },
  async () => {
    const database = await createDatabase();
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query('drop schema public cascade; create schema public');
    await client.end();
    for (const [name, letter] of [
      ['a', 'a'],
      ['b', 'b'],
    ] as const)
      await writeFile(join(folder, name), letter.repeat(32));
    const variables = {
      DATABASE_URL: database.url,
      JWT_ISSUER: 'issuer',
      JWT_AUDIENCE: 'audience',
      JWT_SECRET_FILE: join(folder, 'a'),
      X_TOKEN_SECRET_FILE: join(folder, 'b'),
      PORT: '0',
      MIGRATE: 'off',
    };
    try {
      const refused = await run('main.js', [], variables);
      expect(refused.code).toBe(1);
      expect(refused.output).toContain('The database lacks migrations, and MIGRATE is off');

      const first = await run('commands/migrate.js', [], variables);
      expect(first.output).toMatch(
        /^Migrated: InitialSchema1700000000001\n(Migrated: .*\n)*The schema is up to date\.\n$/,
      );
      expect(first.code).toBe(0);
      const second = await run('commands/migrate.js', [], variables);
      expect(second).toEqual({ code: 0, output: 'The schema was up to date already.\n' });

      const program = BuiltProgram.start('main.js', variables);
      await program.says(/certkeep listens on http:\/\/127\.0\.0\.1:\d+\n/);
      program.signal('SIGTERM');
      expect(await program.exit()).toBe(0);
      expect(program.output).not.toContain('To try it out');
    } finally {
      await database.drop();
    }
  },
);
