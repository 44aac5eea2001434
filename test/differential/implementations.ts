import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

import type { DerCertificate } from '../../src/x509/certificate/der-certificate.js';
import { readCertificate } from '../../src/x509/certificate/read-certificate.js';
import { findPath } from '../../src/x509/path/find-path.js';
import { productionParameters } from '../../src/x509/path/path-parameters.js';
import { prepareAnchors } from '../../src/x509/path/prepared-anchors.js';
import { ANY_POLICY, type EncodedChain, TIME } from './chain-plan.js';

export interface Verdict {
  readonly accepts: boolean;
  /** Why not, as the implementation says it. */
  readonly reason: string;
}

/** Undefined for a chain whose settings an implementation does not have. */
export type Verdicts = readonly (Verdict | undefined)[];

const ACCEPTED: Verdict = { accepts: true, reason: '' };

export function ownVerdict({ leaf, intermediates, anchors, policies }: EncodedChain): Verdict {
  const read = readCertificate(leaf);
  if (!read.ok) return { accepts: false, reason: read.message };
  const result = findPath(read.certificate, prepareAnchors(readable(anchors), readable(intermediates)), {
    ...productionParameters(TIME),
    initialPolicySet: policies.acceptedPolicy === undefined ? 'any' : new Set([policies.acceptedPolicy]),
    initialExplicitPolicy: policies.explicitPolicy,
    initialPolicyMappingInhibit: policies.inhibitMapping,
    initialAnyPolicyInhibit: policies.inhibitAnyPolicy,
  });
  return result.proven ? ACCEPTED : { accepts: false, reason: `${result.reason}: ${result.detail}` };
}

function readable(certificates: readonly Buffer[]): DerCertificate[] {
  return certificates.map(readCertificate).flatMap((read) => (read.ok ? [read.certificate] : []));
}

const run = promisify(execFile);

async function isPresent(program: string, ...args: readonly string[]): Promise<boolean> {
  return await run(program, args).then(
    () => true,
    () => false,
  );
}

export const hasOpenssl = async (): Promise<boolean> => await isPresent('openssl', 'version');
export const hasGo = async (): Promise<boolean> => await isPresent('go', 'version');

const CHAINS_A_PROCESS = 100;
const PROCESSES = 2;

/** `openssl verify` checks many leaves with one list of certificates, as the names of different chains differ. */
export async function opensslVerdicts(
  chains: readonly EncodedChain[],
  done: (count: number) => void,
): Promise<Verdicts> {
  const verdicts = new Map<EncodedChain, Verdict>();
  const batches = [...Map.groupBy(chains, opensslOptions)].flatMap(([options, group]) =>
    inBatches(group).map((batch) => ({ options: options.split(' '), batch })),
  );
  const worker = async (): Promise<void> => {
    for (let next = batches.pop(); next !== undefined; next = batches.pop()) {
      await verifyBatch(next.batch, next.options, verdicts);
      done(verdicts.size);
    }
  };
  await Promise.all(Array.from({ length: PROCESSES }, worker));
  return chains.map((chain) => verdicts.get(chain));
}

function inBatches(chains: readonly EncodedChain[]): EncodedChain[][] {
  const count = Math.ceil(chains.length / CHAINS_A_PROCESS);
  return Array.from({ length: count }, (_, index) =>
    chains.slice(index * CHAINS_A_PROCESS, (index + 1) * CHAINS_A_PROCESS),
  );
}

/** As the production profile: client authentication, 112 bits of security, policies are processed. */
function opensslOptions({ policies }: EncodedChain): string {
  const { acceptedPolicy, explicitPolicy, inhibitMapping, inhibitAnyPolicy } = policies;
  return [
    '-purpose sslclient -auth_level 2 -partial_chain -policy_check',
    `-attime ${TIME.getTime() / 1000}`,
    // Without a policy OpenSSL accepts none once an explicit one is required.
    `-policy ${acceptedPolicy ?? ANY_POLICY}`,
    ...(explicitPolicy ? ['-explicit_policy'] : []),
    ...(inhibitMapping ? ['-inhibit_map'] : []),
    ...(inhibitAnyPolicy ? ['-inhibit_any'] : []),
  ].join(' ');
}

async function verifyBatch(
  chains: readonly EncodedChain[],
  options: readonly string[],
  verdicts: Map<EncodedChain, Verdict>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'certkeep-differential-'));
  try {
    const file = (name: string, certificates: readonly Buffer[]): string => {
      const path = join(folder, name);
      writeFileSync(path, certificates.map(toPem).join(''));
      return path;
    };
    const trusted = file(
      'trusted',
      chains.flatMap(({ anchors }) => anchors),
    );
    const intermediates = chains.flatMap((chain) => chain.intermediates);
    const untrusted = intermediates.length === 0 ? [] : ['-untrusted', file('untrusted', intermediates)];
    const leaves = chains.map(({ leaf, name }) => file(name, [leaf]));
    const args = ['verify', ...options, '-trusted', trusted, ...untrusted, ...leaves];
    const { stdout, stderr } = await run('openssl', args, { maxBuffer: 1 << 26 }).catch(
      (error: { stdout: string; stderr: string }) => error,
    );
    // A list with a certificate that OpenSSL cannot read is refused as a whole.
    if (/^(?:Could not|Unable to|Error).*(?:trusted|untrusted)\b/m.test(stderr) && chains.length > 1) {
      const half = chains.length >> 1;
      await verifyBatch(chains.slice(0, half), options, verdicts);
      await verifyBatch(chains.slice(half), options, verdicts);
      return;
    }
    const accepted = new Set(stdout.split('\n'));
    for (const [index, chain] of chains.entries()) {
      const isAccepted = accepted.has(`${leaves[index]}: OK`);
      verdicts.set(chain, isAccepted ? ACCEPTED : { accepts: false, reason: reasonOf(stderr, leaves[index] ?? '') });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The errors of a leaf come before the line that names its file, some of them with lines that explain them. */
function reasonOf(stderr: string, leaf: string): string {
  const [before = '', after] = stderr.split(`error ${leaf}: verification failed`);
  const errors = [...before.matchAll(/^error \d+ at -?\d+ depth lookup: (.*)$/gm)];
  return (after === undefined ? undefined : errors.at(-1)?.[1]) ?? 'it cannot be read';
}

export function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** crypto/x509 has no setting for an explicit policy, and none that inhibits mapping or anyPolicy. */
function suitsGo({ policies }: EncodedChain): boolean {
  return !policies.explicitPolicy && !policies.inhibitMapping && !policies.inhibitAnyPolicy;
}

export async function goVerdicts(chains: readonly EncodedChain[], program: string): Promise<Verdicts> {
  const asked = chains.filter(suitsGo);
  const lines = asked.map(({ leaf, intermediates, anchors, policies }) =>
    JSON.stringify({
      Leaf: leaf.toString('base64'),
      Intermediates: intermediates.map((der) => der.toString('base64')),
      Anchors: anchors.map((der) => der.toString('base64')),
      Time: TIME.toISOString(),
      Policy: policies.acceptedPolicy ?? '',
    }),
  );
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  const answers = (await text(child.stdout)).trimEnd().split('\n');
  if (asked.length > 0 && answers.length !== asked.length)
    throw new Error('The Go program did not answer every chain.');
  const verdicts = new Map(asked.map((chain, index) => [chain, toVerdict(answers[index] ?? '')]));
  return chains.map((chain) => verdicts.get(chain));
}

function toVerdict(answer: string): Verdict {
  return answer === 'accept' ? ACCEPTED : { accepts: false, reason: answer.slice('reject '.length) };
}

/** Into a folder of the caller's. */
export async function buildGoProgram(folder: string): Promise<string> {
  const program = join(folder, 'verify');
  await run('go', ['build', '-o', program, join('test', 'differential', 'verify.go')]);
  return program;
}
