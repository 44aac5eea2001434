import type { Settings } from '../../src/config/settings.js';
import { SecretVault } from '../../src/vault/secret-vault.js';
import { startApp, type TestApp } from './app.js';
import { Builders } from './builders.js';
import { sequence } from './der.js';
import { type Answer, send } from './http.js';
import {
  certificateBag,
  encrypt,
  encryptedContent,
  pbes2,
  pfxOf,
  pkcs8Of,
  shroudedKeyBag,
  dataContent,
} from './pkcs12.js';
import { issueCertificate } from './pki.js';
import { type VaultControl, controlVault } from './vault-control.js';

export interface MadeFile {
  readonly p12: Buffer;
  readonly password: string;
  /** PKCS#8 DER. */
  readonly privateKey: Buffer;
}

/** A key store of one certificate and its key, both under the password. */
export async function makeFile(commonName: string, password = 'paw1', notAfter?: string): Promise<MadeFile> {
  const issued = await issueCertificate({
    subject: [{ CN: [commonName] }],
    ...(notAfter === undefined ? {} : { notAfter }),
  });
  const privateKey = await pkcs8Of(issued.keys);
  const certificates = encryptedContent(pbes2(), encrypt(sequence(certificateBag(issued.der)), password));
  const keys = dataContent(shroudedKeyBag(pbes2(), encrypt(privateKey, password)));
  return { p12: pfxOf([certificates, keys]), password, privateKey };
}

/** The item of a request body in JSON. */
export function itemOf(name: string, { p12, password }: MadeFile) {
  return { name, p12: [...p12], password };
}

/** An application with two accounts, and the requests that most tests of key stores make. */
export class KeyStoreFixture {
  private names = 0;

  private constructor(
    readonly app: TestApp,
    readonly vault: VaultControl,
    readonly token: string,
    /** What most tests upload. */
    readonly file: MadeFile,
    /** What most tests replace it by. */
    readonly other: MadeFile,
  ) {}

  static async start(settings: Partial<Settings> = {}, now?: Date): Promise<KeyStoreFixture> {
    const app = await startApp(settings);
    if (now !== undefined) app.clock.set(now);
    const builders = new Builders(app.dataSource);
    for (const account of [ACCOUNT, OTHER_ACCOUNT]) await builders.client(account);
    const token = await app.token({ roles: ['nevisIdm.MtlsAdmin'], data_room: { clients: [ACCOUNT, OTHER_ACCOUNT] } });
    const file = await makeFile('first', 'paw1');
    const other = await makeFile('second', 'paw2', '2028-02-29T00:00:00Z');
    return new KeyStoreFixture(app, controlVault(app.get(SecretVault)), token, file, other);
  }

  path(id?: number | string, account = ACCOUNT): string {
    return `/mtls/account/${account}/certificates${id === undefined ? '' : `/${id}`}`;
  }

  /** The item of a request body in JSON. */
  item(name: string, made = this.file): ReturnType<typeof itemOf> {
    return itemOf(name, made);
  }

  async send(method: string, path: string, body?: unknown): Promise<Answer> {
    return await send(this.app, method, path, { token: this.token, body });
  }

  /** Creates a key store and returns it. */
  async create(name: string, file?: MadeFile, account = ACCOUNT): Promise<{ id: number; status: string }> {
    const body = [itemOf(name, file ?? (await makeFile(name)))];
    const answer = await this.send('POST', this.path(undefined, account), body);
    const { successfulySavedCertificates: saved, failedSaveToVaultCertificates: failed } = answer.body as Record<
      string,
      { id: number; status: string }[]
    >;
    const [one] = [...(saved ?? []), ...(failed ?? [])];
    if (answer.status !== 201 || one === undefined) throw new Error(`Not created: ${JSON.stringify(answer.body)}`);
    return one;
  }

  /** A body of `multipart/form-data`. */
  async sendForm(method: string, path: string, parts: Readonly<Record<string, Buffer | string>>): Promise<Answer> {
    const form = new FormData();
    for (const [name, content] of Object.entries(parts)) {
      if (typeof content === 'string') form.append(name, content);
      else form.append(name, new Blob([new Uint8Array(content)]), 'store.p12');
    }
    return await this.sendRaw(method, path, form);
  }

  async sendRaw(
    method: string,
    path: string,
    body: FormData | string | Buffer,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const response = await fetch(this.app.url + path, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, ...headers },
      body: Buffer.isBuffer(body) ? new Uint8Array(body) : body,
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  }

  /** The vault answers normally again. */
  repairVault(): void {
    this.vault.fail(undefined);
    this.vault.loseAnswers(false);
    this.vault.before(undefined);
  }

  /** A name that no test of the file has used. */
  freshName(): string {
    this.names += 1;
    return `store ${this.names}`;
  }

  async statusOf(id: number): Promise<string> {
    return ((await this.send('GET', this.path(id))).body as { status: string }).status;
  }

  /** The versions in the embedded vault, as `2 live`, oldest first. */
  async versionsOf(id: number): Promise<string[]> {
    const rows = await this.app.dataSource.query<{ line: string }[]>(
      `select version || case when destroyed_at is not null then ' destroyed' when deleted_at is not null then ' deleted'
         else ' live' end as line from sealed_secrets where key_store_id = $1 order by version`,
      [id],
    );
    return rows.map(({ line }) => line);
  }

  /** The number of key stores with a claim of an operation. */
  async claimed(): Promise<number> {
    const [row] = await this.app.dataSource.query<[{ count: number }]>(
      'select count(*)::int as count from key_stores where claim is not null',
    );
    return row.count;
  }

  /** Runs the reconciler as its timer does, at a time when interrupted operations are due. */
  async reconcile(): Promise<void> {
    this.app.clock.advance(61_000);
    await this.app.scheduler.runAll();
  }
}

export const ACCOUNT = 'le1606809';
export const OTHER_ACCOUNT = 'le2';
