import { parseArgs } from 'node:util';

import { isExternalId } from '../common/external-id.js';
import { parseInstant } from '../common/instant.js';
import { UsageError } from './report.js';
import { readClient, readServerUrl } from './server-arguments.js';

const PURPOSES = ['upload', 'login'] as const;
type Purpose = (typeof PURPOSES)[number];

export const EXPLAIN_HELP = `Usage: npm run -s explain -- FILE… [--anchors FOLDER] [options]
       npm run -s explain -- FILE… --server URL --client CLIENT [options]

Prints what a certificate contains, and why it is accepted or not. FILE is PEM or DER; of several certificates in one file,
the first is explained, and the others are its chain. Exit code: 0 if every FILE is accepted, 1 if not, 2 for wrong
arguments.

Without a server: is there a path to an anchor?
  --anchors FOLDER   certificates of CAs (.pem, .crt, .cer, .der). Self-issued certificates are anchors, the
                     others intermediates, unless they are in a subfolder "anchors" or "intermediates", whose name
                     then decides. Without this option nothing is trusted.

With a server: what would it say, under its policies? The bearer token (CredentialView) is in the environment variable
CERTKEEP_TOKEN, or in the file that CERTKEEP_TOKEN_FILE names.
  --server URL       such as http://127.0.0.1:3000
  --client CLIENT    extId of the client; required
  --policy POLICY    extId of a policy; default: the client's default policy
  --user USER        extId of the user whose certificate it would be

  --at TIME          such as 2026-01-01T00:00:00Z; default: now
  --purpose PURPOSE  upload or login. An upload ignores the chain in FILE; without a server and without this option,
                     the chain counts. Default with a server: upload
  --help`;

interface ExplainServer {
  readonly url: URL;
  readonly clientExtId: string;
  readonly policyExtId: string | undefined;
  readonly userExtId: string | undefined;
}

export interface ExplainArguments {
  readonly files: readonly string[];
  readonly anchors: string | undefined;
  readonly server: ExplainServer | undefined;
  readonly at: Date | undefined;
  readonly purpose: Purpose | undefined;
}

/** Undefined: help is wanted. */
export function readExplainArguments(args: readonly string[]): ExplainArguments | undefined {
  const { values, positionals: files } = parse(args);
  if (values.help) return undefined;
  if (files.length === 0) throw new UsageError(`Name the file of a certificate.\n\n${EXPLAIN_HELP}`);
  if (values.anchors !== undefined && values.server !== undefined) {
    throw new UsageError('--anchors and --server cannot be combined: a server has trust-anchor sets of its own.');
  }
  return {
    files,
    anchors: values.anchors,
    server: readServer(values),
    at: readTime(values.at),
    purpose: readPurpose(values.purpose),
  };
}

function readServer({ server, client, policy, user }: ReturnType<typeof parse>['values']): ExplainServer | undefined {
  if (server === undefined) {
    if ([client, policy, user].some((value) => value !== undefined)) {
      throw new UsageError('--client, --policy and --user need --server.');
    }
    return undefined;
  }
  const clientExtId = readClient(client);
  for (const [option, id] of [
    ['--policy', policy],
    ['--user', user],
  ] as const) {
    if (id !== undefined && !isExternalId(id)) throw new UsageError(`${option} must be an extId.`);
  }
  return { url: readServerUrl(server), clientExtId, policyExtId: policy, userExtId: user };
}

function readTime(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const instant = parseInstant(text);
  if (instant === undefined) throw new UsageError('--at must be a date and time such as 2026-01-31T00:00:00Z.');
  return instant;
}

function readPurpose(text: string | undefined): Purpose | undefined {
  if (text === undefined) return undefined;
  const purpose = PURPOSES.find((known) => known === text);
  if (purpose === undefined) throw new UsageError(`--purpose must be ${PURPOSES.join(' or ')}.`);
  return purpose;
}

const TEXT = { type: 'string' } as const;

function parse(args: readonly string[]) {
  const options = {
    anchors: TEXT,
    server: TEXT,
    client: TEXT,
    policy: TEXT,
    user: TEXT,
    at: TEXT,
    purpose: TEXT,
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${EXPLAIN_HELP}`);
  }
}
