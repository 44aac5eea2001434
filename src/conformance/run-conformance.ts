import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { StartError } from '../common/start-error.js';
import { VERSION } from '../common/version.js';
import { type CertificateEntry, evaluateCertificate } from './certificate-corpus.js';
import type { ConformanceCase } from './conformance-case.js';
import type { ConformanceReport, InputReport } from './conformance-report.js';
import { evaluateCase, talliesOf } from './evaluate-report.js';
import { LayoutError } from './json-members.js';
import { LIMBO_OPTIONS, readLimboFile } from './limbo-file.js';
import { evaluatePkcs12, type Pkcs12Entry } from './pkcs12-corpus.js';
import { PKITS_OPTIONS, readPkitsFile } from './pkits-file.js';
import { runCase } from './run-case.js';
import { type Evaluated, type Tally, tallyOf } from './tally.js';

export interface ConformanceInputs {
  /** Files in the JSON schema of x509-limbo. */
  readonly limbo: readonly string[];
  readonly pkits: readonly string[];
  /** A folder with certificates and their `manifest.json`. */
  readonly certs: string | undefined;
  /** A folder with PKCS#12 files and their `manifest.json`. */
  readonly p12: string | undefined;
}

interface Conformance {
  readonly report: ConformanceReport;
  readonly tallies: readonly Tally[];
  /** Each with the file or folder that it belongs to. */
  readonly mistakes: readonly (Evaluated & { readonly input: string })[];
}

interface Work {
  readonly name: string;
  readonly size: number;
  readonly run: (done: () => void) => Result;
}

interface Result {
  readonly input?: InputReport;
  readonly evaluated: readonly Evaluated[];
  readonly tallies: readonly Tally[];
}

/**
 * Runs every case in the order of the inputs.
 *
 * @param progress - called after each case with the number of cases that are done, and of all
 * @throws StartError if a file cannot be read or has another layout; before the first case runs
 */
export function runConformance(
  inputs: ConformanceInputs,
  now: Date,
  progress: (done: number, total: number) => void,
): Conformance {
  const work = [
    ...inputs.limbo.map((file) => caseFile(file, 'limbo', (json) => readLimboFile(json, now))),
    ...inputs.pkits.map((file) => caseFile(file, 'pkits', readPkitsFile)),
    ...[inputs.certs ?? []].flat().map(certificateFolder),
    ...[inputs.p12 ?? []].flat().map((folder) => pkcs12Folder(folder, now)),
  ];
  const total = work.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const results = work.map(({ name, run }) => ({ name, ...run(() => progress((done += 1), total)) }));
  return {
    report: {
      format: 1,
      version: VERSION,
      node: process.versions.node,
      inputs: results.flatMap(({ input }) => input ?? []),
    },
    tallies: results.flatMap(({ tallies }) => tallies),
    mistakes: results.flatMap(({ name, evaluated }) =>
      evaluated.filter(({ mistake }) => mistake !== undefined).map((one) => ({ ...one, input: name })),
    ),
  };
}

function caseFile(
  file: string,
  kind: InputReport['kind'],
  readCases: (json: unknown) => readonly ConformanceCase[],
): Work {
  const bytes = readBytes(file);
  const read = inFile(file, () => readCases(JSON.parse(bytes.toString('utf8'))));
  const name = basename(file);
  return {
    name,
    size: read.length,
    run: (done) => {
      const evaluated: Evaluated[] = [];
      const cases = read.map((one) => {
        const run = runCase(one);
        evaluated.push(evaluateCase(run));
        done();
        return run.report;
      });
      const options = kind === 'limbo' ? LIMBO_OPTIONS : PKITS_OPTIONS;
      const input = { file, sha256: hash('sha256', bytes), kind, options, cases };
      return { input, evaluated, tallies: talliesOf(name, kind, evaluated) };
    },
  };
}

function certificateFolder(folder: string): Work {
  const entries = readManifest(folder) as readonly CertificateEntry[];
  return folderOf(folder, entries, (entry, bytes) => evaluateCertificate(entry, bytes));
}

function pkcs12Folder(folder: string, now: Date): Work {
  const entries = readManifest(folder) as readonly Pkcs12Entry[];
  return folderOf(folder, entries, (entry, bytes) => evaluatePkcs12(entry, bytes, now));
}

function readManifest(folder: string): readonly unknown[] {
  const file = join(folder, 'manifest.json');
  return inFile(file, () => {
    const manifest: unknown = JSON.parse(readBytes(file).toString('utf8'));
    if (Array.isArray(manifest)) return manifest;
    throw new LayoutError('It is not a list.');
  });
}

function folderOf<Entry extends { readonly file: string }>(
  folder: string,
  entries: readonly Entry[],
  evaluate: (entry: Entry, bytes: Buffer) => Evaluated,
): Work {
  const evaluateFile = (entry: Entry): Evaluated => {
    try {
      return evaluate(entry, readBytes(join(folder, entry.file)));
    } catch (error) {
      return { name: entry.file, mistake: 'otherwiseWrong', outcome: `error: ${(error as Error).message}`, ms: 0 };
    }
  };
  return {
    name: basename(folder),
    size: entries.length,
    run: (done) => {
      const evaluated = entries.map((entry) => {
        const one = evaluateFile(entry);
        done();
        return one;
      });
      return { evaluated, tallies: [tallyOf(basename(folder), evaluated)] };
    },
  };
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new StartError(`${file} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
}

function inFile<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(`${file} does not have the expected layout: ${(error as Error).message}`, { cause: error });
  }
}
