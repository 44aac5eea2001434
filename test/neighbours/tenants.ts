import { createSecretKey, randomBytes } from 'node:crypto';

import { SignJWT } from 'jose';
import { DataSource } from 'typeorm';

import { MALLOC } from '../../scripts/node26.mjs';
import { dataSourceOptions } from '../../src/database/data-source.js';
import { ENTITIES } from '../../src/entities.js';
import { Builders } from '../support/builders.js';
import { createDatabase } from '../support/database.js';
import { CORE } from '../support/http.js';
import { itemOf, makeFile } from '../support/key-store-fixture.js';
import { insertManyUsers } from '../support/many-users.js';
import { macOf, pfxOf } from '../support/pkcs12.js';
import { issueCertificate } from '../support/pki.js';
import { BuiltProgram } from '../support/process.js';
import { SettingsFolder } from '../support/settings-folder.js';
import { CONTENDED, HOSTILE, LARGE_PAGE_USER, type Operation, PASSWORD, type Target } from './messages.js';

const QUIET = '100';
/** Enough that none of them reaches the login limit of one caller. */
const LOGIN_USERS = 12;
const CERTIFICATES = 20;
/** Enough that none is replaced again during its last upload. */
const KEY_STORES = 80;

const HOSTILE_USERS = 60;
const LARGE_PAGE = 550;

/** The server uses the system clock. */
const NOT_AFTER = '2100-01-01T00:00:00Z';

/** The options of the start script and the image. */
const V8_OPTIONS = ['--max-semi-space-size=16', '--heap-growing-percent=30'];

export interface Sizes {
  /** The number of users of the hostile tenant, all of whom a search without an index reads. */
  readonly searchedUsers: number;
  readonly largeClients: number;
  readonly usersPerLargeClient: number;
}

/** A server in its own process with a quiet tenant and a hostile one. */
export interface Tenants {
  readonly program: BuiltProgram;
  readonly url: string;
  readonly dataSource: DataSource;
  /** The operations of the quiet tenant; the last one is the health check of an orchestrator. */
  readonly operations: readonly Operation[];
  /** The target for the hostile tenant. */
  readonly target: Target;
  end(): Promise<void>;
}

export async function startTenants(sizes: Sizes): Promise<Tenants> {
  const database = await createDatabase();
  const folder = new SettingsFolder();
  const options = dataSourceOptions({ url: database.url, poolSize: 2, statementTimeoutMs: 60_000 }, ENTITIES);
  const dataSource = await new DataSource(options).initialize();
  const jwt = randomBytes(48).toString('hex');
  const variables = {
    ...MALLOC,
    PORT: '0',
    DATABASE_URL: database.url,
    LOG_LEVEL: 'warn',
    DRAIN_SECONDS: '0',
    JWT_ISSUER: 'certkeep',
    JWT_AUDIENCE: 'certkeep',
    JWT_SECRET_FILE: folder.file('jwt', jwt),
    X_TOKEN_SECRET_FILE: folder.file('x-token', randomBytes(48)),
    VAULT_KEY_FILE: folder.file('vault-key', randomBytes(32).toString('base64')),
  };
  const program = BuiltProgram.start('main.js', variables, [], 'pipe', V8_OPTIONS);
  const [, url = ''] = await program.says(/listens on (http\S+)/);
  const filler = new Filler(url, jwt, dataSource);
  return {
    program,
    url,
    dataSource,
    operations: await filler.quiet(),
    target: await filler.hostile(sizes),
    async end() {
      program.signal('SIGKILL');
      await program.exit();
      await dataSource.destroy();
      await database.drop();
      folder.remove();
    },
  };
}

class Filler {
  private readonly builders: Builders;

  constructor(
    private readonly url: string,
    private readonly jwt: string,
    private readonly dataSource: DataSource,
  ) {
    this.builders = new Builders(dataSource);
  }

  /** The quiet tenant with its operations and their rates: some 20 ms of CPU time a second. */
  async quiet(): Promise<readonly Operation[]> {
    const token = await this.client(QUIET);
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const certificates = `${CORE}/${QUIET}/users/jane/certificates`;
    await this.builders.user(QUIET, 'jane');
    for (let number = 0; number < CERTIFICATES; number += 1) {
      const { pem } = await issueCertificate({ subject: [{ CN: [`certificate ${number}`] }], notAfter: NOT_AFTER });
      await this.create(token, certificates, { extId: `certificate-${number}`, certificate: pem });
    }
    const certificate = (number: number): string => `${certificates}/certificate-${number % CERTIFICATES}`;
    const users = await this.usersWithPassword(QUIET, LOGIN_USERS, token);
    const keyStores = `/mtls/account/${QUIET}/certificates`;
    const uploads = await Promise.all(
      Array.from({ length: KEY_STORES }, async (_, number) =>
        itemOf(`store ${number}`, await makeFile(`${number}`, 'paw1', NOT_AFTER)),
      ),
    );
    const replaced: object[] = [];
    for (const item of uploads) {
      const answer = await this.create(token, keyStores, [item]);
      const [stored] = (answer as { successfulySavedCertificates: { id: number }[] }).successfulySavedCertificates;
      replaced.push({ ...item, id: stored?.id });
    }
    const twice = Array.from({ length: 2 * CERTIFICATES + 1 }, (_, number) => number);
    return [
      {
        name: 'GET a certificate',
        perSecond: 20,
        expected: 200,
        fresh: false,
        calls: twice.map((number) => ({ method: 'GET', path: certificate(number), headers })),
      },
      {
        name: 'PATCH a comment',
        perSecond: 10,
        expected: 200,
        fresh: false,
        calls: twice.map((number) => {
          const body = JSON.stringify({ modificationComment: `comment ${number}` });
          return { method: 'PATCH', path: certificate(number), headers, body };
        }),
      },
      {
        name: 'log in',
        perSecond: 2,
        expected: 200,
        fresh: false,
        calls: users.map(({ extId, token: own }) => ({
          method: 'POST',
          path: '/nevisidm/api/principal/v1/token',
          headers: { ...headers, Authorization: `Bearer ${own}` },
          body: JSON.stringify({ grant_type: 'password', username: extId, password: PASSWORD }),
        })),
      },
      {
        name: 'upload a p12',
        perSecond: 2,
        expected: 200,
        fresh: false,
        calls: replaced.map((item) => ({ method: 'PUT', path: keyStores, headers, body: JSON.stringify([item]) })),
      },
      {
        name: '/health/live',
        perSecond: 5,
        expected: 200,
        fresh: true,
        calls: [{ method: 'GET', path: '/health/live', headers: {} }],
      },
    ];
  }

  /** The hostile tenant, and other clients that it may delete. */
  async hostile({ searchedUsers, largeClients, usersPerLargeClient }: Sizes): Promise<Target> {
    const names = Array.from({ length: largeClients }, (_, number) => `large-${number}`);
    const token = await this.client(HOSTILE, names);
    const users = await this.usersWithPassword(HOSTILE, HOSTILE_USERS, token);
    await this.builders.user(HOSTILE, CONTENDED);
    const { pem } = await issueCertificate({ subject: [{ CN: [CONTENDED] }], notAfter: NOT_AFTER });
    const certificates = `${CORE}/${HOSTILE}/users/${CONTENDED}/certificates`;
    await this.create(token, certificates, { extId: CONTENDED, certificate: pem });
    await this.fillLargePage();
    await insertManyUsers(this.dataSource, HOSTILE, searchedUsers);
    for (const name of names) {
      await this.builders.client(name);
      await insertManyUsers(this.dataSource, name, usersPerLargeClient);
    }
    const slowP12 = pfxOf([], macOf(600_000)).toString('base64');
    return { port: Number(new URL(this.url).port), token, users, largeClients: names, slowP12 };
  }

  /**
   * Certificates with 15,000 escaped characters in their subject. They are inserted by a statement, as older rows may exceed
   * the limits that certificates have today.
   */
  private async fillLargePage(): Promise<void> {
    await this.builders.user(HOSTILE, LARGE_PAGE_USER);
    await this.dataSource.query(
      `insert into credentials
        select (jsonb_populate_record(c, jsonb_build_object(
          'ext_id', 'large-' || number, 'user_ext_id', $2::text, 'generation', gen_random_uuid(),
          'subject_dn', 'CN=' || repeat('\\07', 15000), 'issuer_dn', 'CN=' || repeat('\\07', 15000),
          'sha256', '\\x' || md5(number::text) || md5('another ' || number),
          'der', '\\x' || repeat('07', 30000)))).*
        from credentials c, generate_series(1, $3::integer) as number
        where c.client_ext_id = $1 and c.ext_id = $4`,
      [HOSTILE, LARGE_PAGE_USER, LARGE_PAGE, CONTENDED],
    );
  }

  /** Creates a client with its policies; returns the token of its administrator, who may have other clients too. */
  private async client(extId: string, others: readonly string[] = []): Promise<string> {
    await this.builders.client(extId);
    await this.builders.policy(extId, 'default');
    const roles = ['nevisIdm.Root', 'nevisIdm.MtlsAdmin'];
    const token = await this.token({
      sub: 'admin',
      client_ext_id: extId,
      roles,
      data_room: { clients: [extId, ...others] },
    });
    const policy = { policyType: 'PwdPolicy', name: 'passwords', extId: 'passwords', defaultPolicy: true };
    await this.create(token, `${CORE}/${extId}/policies`, policy);
    return token;
  }

  private async usersWithPassword(
    client: string,
    count: number,
    token: string,
  ): Promise<{ extId: string; token: string }[]> {
    const users: { extId: string; token: string }[] = [];
    for (let number = 0; number < count; number += 1) {
      const extId = `person-${number}`;
      await this.builders.user(client, extId);
      await this.create(token, `${CORE}/${client}/users/${extId}/password`, { password: PASSWORD });
      users.push({
        extId,
        token: await this.token({ sub: extId, client_ext_id: client, roles: ['nevisIdm.SelfAdmin'] }),
      });
    }
    return users;
  }

  private async token(claims: object): Promise<string> {
    return await new SignJWT({ iss: 'certkeep', aud: 'certkeep', ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('4h')
      .sign(createSecretKey(Buffer.from(this.jwt)));
  }

  private async create(token: string, path: string, body: object): Promise<unknown> {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const answer = await fetch(this.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    const text = await answer.text();
    if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as unknown;
  }
}
