import { hash } from 'node:crypto';

import type { Pkcs12Result } from '../x509/pkcs12/pkcs12-result.js';
import { readPkcs12 } from '../x509/pkcs12/read-pkcs12.js';
import { cpuTime } from './cpu-time.js';
import type { Evaluated, Mistake } from './tally.js';

/** An entry of the manifest of a folder of PKCS#12 files. */
export interface Pkcs12Entry {
  readonly file: string;
  /** null: the file is opened without a password. */
  readonly password: string | null;
  /** `exotic`: it may be opened or refused. */
  readonly expected: 'open' | 'reject' | 'exotic';
  /** The SHA-256 of each certificate in it, in hexadecimal. */
  readonly certs: readonly string[] | null;
  readonly keys: number | null;
}

/**
 * A file with one key and certificates must be opened with exactly these certificates. One that other programs open
 * although it has no key, or no certificate, or several keys, must be refused for that reason.
 */
export function evaluatePkcs12(entry: Pkcs12Entry, bytes: Buffer, now: Date): Evaluated {
  const started = cpuTime();
  const result = readPkcs12(bytes, entry.password ?? undefined, now);
  const ms = cpuTime() - started;
  return { name: entry.file, mistake: mistakeIn(entry, result), outcome: result.ok ? 'opened' : result.problem, ms };
}

function mistakeIn(entry: Pkcs12Entry, result: Pkcs12Result): Mistake | undefined {
  if (entry.expected === 'exotic') return undefined;
  if (entry.expected === 'reject') return result.ok ? 'falseAccept' : undefined;
  const problem = problemOf(entry);
  if (!result.ok && problem === undefined) return 'falseReject';
  if (!result.ok) return result.problem === problem ? undefined : 'otherwiseWrong';
  return problem === undefined && hasCertificates(result, entry) ? undefined : 'otherwiseWrong';
}

function problemOf({ keys, certs }: Pkcs12Entry) {
  if (keys === 0) return 'noPrivateKey';
  if (certs?.length === 0) return 'noCertificate';
  return keys !== null && keys > 1 ? 'severalPrivateKeys' : undefined;
}

function hasCertificates({ leaf, chain }: Extract<Pkcs12Result, { ok: true }>, { certs }: Pkcs12Entry): boolean {
  const found = [leaf, ...chain].map((der) => hash('sha256', der)).toSorted();
  return certs === null || certs.toSorted().join() === found.join();
}
