import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CONFORMANCE_HELP, readConformanceArguments } from '../src/commands/conformance-arguments.js';
import { UsageError } from '../src/commands/report.js';
import { StartError } from '../src/common/start-error.js';
import type { CaseReport } from '../src/conformance/conformance-report.js';
import { talliesOf } from '../src/conformance/evaluate-report.js';
import { evaluatePkcs12, type Pkcs12Entry } from '../src/conformance/pkcs12-corpus.js';
import { runConformance } from '../src/conformance/run-conformance.js';
import { formatTallies } from '../src/conformance/tally.js';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const paths = (name: string): string => join(FIXTURES, 'paths', name);

const NOW = new Date('2026-06-01T00:00:00Z');
const NOTHING = { limbo: [], pkits: [], certs: undefined, p12: undefined };

const run = (inputs: Partial<typeof INPUTS>) => runConformance({ ...NOTHING, ...inputs }, NOW, () => undefined);

const INPUTS = {
  limbo: [paths('limbo.json'), paths('bettertls.json')],
  pkits: [paths('pkits.json')],
  certs: join(FIXTURES, 'certificates'),
  p12: join(FIXTURES, 'pkcs12'),
};

/** A key, certificates, and a password. */
const PBES2_FILE = 'openssl/signer.p12';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'certkeep-conformance-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const isRight = ({ expected, verdict }: CaseReport): boolean =>
  verdict === (expected === 'SUCCESS' ? 'accept' : 'reject');

describe('12.1 conformance with public test suites', () => {
  const { report, tallies, mistakes } = run({ limbo: INPUTS.limbo, pkits: INPUTS.pkits });
  const [limbo, bettertls, pkits] = report.inputs;
  const caseOf = (key: string) => report.inputs.flatMap(({ cases }) => cases).find((one) => one.key === key);

  it('every case is right but those that need rules of the web PKI', () => {
    const wrong = report.inputs.flatMap(({ cases }) => cases.filter((one) => !isRight(one)));
    expect(wrong.map(({ key, verdict, needs }) => [key, verdict, needs])).toEqual([
      ['webpki::ca-as-leaf', 'accept', ['peerName', 'webpki']],
    ]);
    expect(mistakes.map(({ input, name, outcome }) => [input, name, outcome])).toEqual([
      ['limbo.json', 'webpki::ca-as-leaf', 'accept'],
    ]);
  });

  it('the report has one input for each file, with its digest and every case in order', () => {
    expect(report).toMatchObject({ format: 1, version: expect.any(String) as unknown, node: process.versions.node });
    expect([limbo?.kind, bettertls?.kind, pkits?.kind]).toEqual(['limbo', 'limbo', 'pkits']);
    for (const { file: path, sha256, cases } of report.inputs) {
      const bytes = readFileSync(path);
      expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
      const json = JSON.parse(bytes.toString()) as { testcases?: { id: string }[]; cases?: { name: string }[] };
      const keys = json.testcases?.map(({ id }) => id) ?? json.cases?.map(({ name }) => name);
      expect(cases.map(({ key }) => key)).toEqual(keys);
    }
    expect(limbo?.options).toEqual({ profile: 'section4', sha1: false, dsa: false, minimumRsaBits: 2048, crls: true });
    expect(pkits?.options).toMatchObject({ profile: 'production', sha1: true, dsa: true });
  });

  it('a rejected case has code and section, an accepted one its policies', () => {
    expect(caseOf('rfc5280::nc::permitted-dns-mismatch')).toEqual({
      key: 'rfc5280::nc::permitted-dns-mismatch',
      id: 'rfc5280::nc::permitted-dns-mismatch',
      expected: 'FAILURE',
      verdict: 'reject',
      path: 'reject',
      production: 'reject',
      code: 'nameConstraints',
      section: expect.stringMatching(/^RFC 5280 section 6\.1/) as unknown,
      needs: ['peerName'],
      userConstrainedPolicySet: [],
      signatureChecks: expect.any(Number) as unknown,
      ms: expect.any(Number) as unknown,
    });
    expect(caseOf('Section8AllCertificatesAnyPolicyTest11Subpart1')).toEqual({
      key: 'Section8AllCertificatesAnyPolicyTest11Subpart1',
      id: 'pkits::4.8.11',
      expected: 'SUCCESS',
      verdict: 'accept',
      path: 'accept',
      production: 'accept',
      code: null,
      section: null,
      needs: ['crl'],
      userConstrainedPolicySet: ['2.5.29.32.0'],
      signatureChecks: expect.any(Number) as unknown,
      ms: expect.any(Number) as unknown,
    });
  });

  it('12.6 the peer name is compared after the path, and production only lists what section 4 forbids', () => {
    expect(caseOf('webpki::san::mismatch-subdomain-san')).toMatchObject({
      path: 'accept',
      verdict: 'reject',
      production: 'reject',
      code: 'peerName',
    });
    expect(caseOf('rfc5280::serial::negative')).toMatchObject({ verdict: 'reject', code: 'profile' });
    expect(caseOf('Section1ValidDSAParameterInheritanceTest5')).toMatchObject({
      verdict: 'accept',
      production: 'reject',
    });
  });

  it('12.2 no case takes a second', () => {
    for (const { cases } of report.inputs) for (const { key, ms } of cases) expect(ms, key).toBeLessThan(1000);
  });

  it('the table counts each file, and the part that path validation alone decides', () => {
    const text = formatTallies(tallies);
    expect(
      text.split('\n').map((line) =>
        line
          .split('|')
          .slice(1, 7)
          .map((cell) => cell.trim()),
      ),
    ).toEqual([
      ['', 'cases', 'right', 'false accepts', 'false rejects', 'other mistakes'],
      expect.arrayContaining([expect.stringMatching(/^-+:$/) as unknown]) as unknown,
      ['limbo.json, core', '10', '10', '0', '0', '0'],
      ['limbo.json', '13', '12', '1', '0', '0'],
      ['bettertls.json', '4', '4', '0', '0', '0'],
      ['pkits.json, without revocation', '8', '8', '0', '0', '0'],
      ['pkits.json', '9', '9', '0', '0', '0'],
    ]);
  });

  it('the results of OpenSSL, which are those of complete files, are shown beside nothing else', () => {
    expect(tallies.map(({ openssl }) => openssl)).toEqual(tallies.map(() => undefined));
    const all = Array.from({ length: 247 }, (_, number) => ({
      name: `case ${number}`,
      mistake: undefined,
      outcome: 'accept',
      ms: 1,
    }));
    expect(talliesOf('pkits.json', 'pkits', all).at(-1)?.openssl).toBe('229 of 247, 0 false accepts');
  });
});

describe('files of certificates and key stores', () => {
  it('2.8 2.9 every certificate is read right or refused, as its manifest says', () => {
    const { tallies, mistakes, report } = run({ certs: INPUTS.certs });
    expect(mistakes).toEqual([]);
    expect(tallies).toMatchObject([{ name: 'certificates', falseAccepts: 0, falseRejects: 0, otherwiseWrong: 0 }]);
    expect(report.inputs).toEqual([]);
  });

  it('PKCS#12: no file is opened or refused wrongly; only the legacy provider of OpenSSL opens RC2', () => {
    const { tallies, mistakes } = run({ p12: INPUTS.p12 });
    expect(tallies).toMatchObject([{ name: 'pkcs12', falseAccepts: 0, otherwiseWrong: 0 }]);
    for (const { outcome, name } of mistakes) expect(outcome, name).toBe('unsupportedAlgorithm');
  });

  it.each<[Partial<Pkcs12Entry>, string | undefined]>([
    [{}, undefined],
    [{ expected: 'exotic' }, undefined],
    [{ expected: 'reject' }, 'falseAccept'],
    [{ password: 'wrong' }, 'falseReject'],
    [{ certs: ['00'] }, 'otherwiseWrong'],
    [{ keys: 0 }, 'otherwiseWrong'],
    [{ keys: 2, password: 'wrong' }, 'otherwiseWrong'],
  ])('PKCS#12: an entry with %j: %s', (members, mistake) => {
    const manifest = JSON.parse(readFileSync(join(INPUTS.p12, 'manifest.json'), 'utf8')) as Pkcs12Entry[];
    const entry = manifest.find(({ file: name }) => name === PBES2_FILE);
    if (entry === undefined) throw new Error(`${PBES2_FILE} is missing`);
    const bytes = readFileSync(join(INPUTS.p12, PBES2_FILE));
    expect(evaluatePkcs12({ ...entry, ...members }, bytes, NOW).mistake).toBe(mistake);
  });

  it('a file that is missing is a mistake, and the others are still read', () => {
    const entries = JSON.parse(readFileSync(join(INPUTS.certs, 'manifest.json'), 'utf8')) as object[];
    file('manifest.json', JSON.stringify([{ ...entries[0], file: 'missing.pem' }]));
    const { tallies, mistakes } = run({ certs: folder });
    expect(tallies).toMatchObject([{ cases: 1, right: 0, otherwiseWrong: 1 }]);
    expect(mistakes).toMatchObject([
      { name: 'missing.pem', outcome: expect.stringContaining('cannot be read') as unknown },
    ]);
  });
});

describe('bad input', () => {
  it('a file that cannot be read, or is of another layout, is reported before the first case', () => {
    expect(() => run({ limbo: [join(folder, 'none.json')] })).toThrow(StartError);
    expect(() => run({ limbo: [file('text.json', 'text')] })).toThrow(StartError);
    expect(() => run({ limbo: [paths('pkits.json')] })).toThrow('It has no testcases.');
    expect(() => run({ pkits: [paths('limbo.json')] })).toThrow('It has no cases.');
    expect(() => run({ certs: folder, p12: join(folder, 'none') })).toThrow(StartError);
  });

  it('arguments: files as often as there are, folders once', () => {
    expect(readConformanceArguments(['--help'])).toBeUndefined();
    expect(CONFORMANCE_HELP).toContain('--limbo FILE');
    expect(readConformanceArguments(['--limbo', 'a', '--limbo', 'b', '--p12', 'c', '--json', 'd'])).toEqual({
      limbo: ['a', 'b'],
      pkits: [],
      certs: undefined,
      p12: 'c',
      json: 'd',
    });
    for (const args of [[], ['--json', 'out'], ['--unknown'], ['file']]) {
      expect(() => readConformanceArguments(args)).toThrow(UsageError);
    }
  });
});
