import { parseArgs } from 'node:util';

import type { ConformanceInputs } from '../conformance/run-conformance.js';
import { UsageError } from './report.js';

export const CONFORMANCE_HELP = `Usage: npm run conformance -- [options]

Runs public test files of X.509 against certkeep's own reader and path validation, and prints how many cases were right.
Nothing is sent over a network, and no database is used.

  --limbo FILE   cases in the JSON schema of x509-limbo (also BetterTLS in that schema); as often as there are files
  --pkits FILE   NIST PKITS as JSON; as often as there are files
  --certs DIR    certificates with a manifest.json
  --p12 DIR      PKCS#12 files with a manifest.json
  --json OUT     writes the result of every limbo and PKITS case
  --help`;

export interface ConformanceArguments extends ConformanceInputs {
  /** The file to write; undefined if none is wanted. */
  readonly json: string | undefined;
}

/** Undefined: help is wanted. */
export function readConformanceArguments(args: readonly string[]): ConformanceArguments | undefined {
  const { help, limbo, pkits, certs, p12, json } = parse(args);
  if (help) return undefined;
  if (limbo.length === 0 && pkits.length === 0 && certs === undefined && p12 === undefined) {
    throw new UsageError(`There is nothing to run: name a file or a folder.\n\n${CONFORMANCE_HELP}`);
  }
  return { limbo, pkits, certs, p12, json };
}

const FILES = { type: 'string', multiple: true, default: [] as string[] } as const;
const PATH = { type: 'string' } as const;

function parse(args: readonly string[]) {
  const options = {
    limbo: FILES,
    pkits: FILES,
    certs: PATH,
    p12: PATH,
    json: PATH,
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${CONFORMANCE_HELP}`);
  }
}
