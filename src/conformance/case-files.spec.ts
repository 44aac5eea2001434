import { describe, expect, it } from 'vitest';

import { isCoreCase, isRevocationCase } from './core-cases.js';
import { LayoutError } from './json-members.js';
import { readLimboFile } from './limbo-file.js';
import { readPkitsFile } from './pkits-file.js';
import { runCase } from './run-case.js';

const NOW = new Date('2026-06-01T00:00:00Z');

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

/** A case with all members of x509-limbo's JSON schema. */
const LIMBO = {
  id: 'rfc5280::example',
  conflicts_with: [],
  features: [],
  importance: 'undetermined',
  description: '',
  validation_kind: 'SERVER',
  trusted_certs: ['anchor'],
  untrusted_intermediates: ['intermediate'],
  peer_certificate: 'leaf',
  validation_time: null,
  signature_algorithms: [],
  key_usage: [],
  extended_key_usage: [],
  expected_result: 'SUCCESS',
  expected_peer_name: null,
  expected_peer_names: [],
  max_chain_depth: null,
  crls: [],
};

function limboCase(members: object) {
  const [read] = readLimboFile({ version: 1, testcases: [{ ...LIMBO, ...members }] }, NOW);
  if (read === undefined) throw new Error('no case');
  return read;
}

const limbo = (members: object) => limboCase(members).input();

describe('12.6 a case of x509-limbo', () => {
  it('is validated now, for its kind of validation, under the profile of section 4', () => {
    expect(limbo({})).toEqual({
      leaf: 'leaf',
      anchors: ['anchor'],
      intermediates: ['intermediate'],
      crls: undefined,
      peerNames: [],
      expectedPolicySet: undefined,
      parameters: {
        time: NOW,
        eku: [SERVER_AUTH],
        leafKeyUsage: [],
        maxIntermediates: 8,
        initialPolicySet: 'any',
        initialExplicitPolicy: false,
        initialPolicyMappingInhibit: false,
        initialAnyPolicyInhibit: false,
        algorithms: { profile: 'section4', sha1: false, dsa: false, minimumRsaBits: 2048, crls: true },
        profile: 'section4',
      },
    });
    expect(limbo({ validation_kind: 'CLIENT' }).parameters.eku).toEqual([CLIENT_AUTH]);
  });

  it('may set time, purposes, usages and depth', () => {
    const { parameters } = limbo({
      validation_time: '2016-09-01T00:00:00.500+00:00',
      extended_key_usage: ['clientAuth', '1.2.3'],
      key_usage: ['digitalSignature', 'contentCommitment'],
      max_chain_depth: 0,
    });
    expect(parameters).toMatchObject({
      time: new Date('2016-09-01T00:00:00.500Z'),
      eku: [CLIENT_AUTH, '1.2.3'],
      leafKeyUsage: ['digitalSignature', 'nonRepudiation'],
      maxIntermediates: 0,
    });
  });

  it('has the name of a server, or the names of a client', () => {
    const server = { kind: 'DNS', value: 'example.com' };
    const client = { kind: 'RFC822', value: 'jane@example.com' };
    expect(limbo({ expected_peer_name: server }).peerNames).toEqual([server]);
    expect(limbo({ expected_peer_names: [client] }).peerNames).toEqual([client]);
  });

  it('needs the comparison of names, rules of the web PKI or CRLs', () => {
    expect(limboCase({}).needs).toEqual([]);
    const members = { id: 'webpki::x', expected_peer_names: [{ kind: 'IP', value: '::1' }], crls: ['crl'] };
    expect(limboCase(members).needs).toEqual(['peerName', 'webpki', 'crl']);
  });

  it.each([
    [{ expected_result: 'MAYBE' }],
    [{ peer_certificate: 5 }],
    [{ trusted_certs: 'anchor' }],
    [{ trusted_certs: [5] }],
    [{ validation_time: 'soon' }],
    [{ extended_key_usage: ['unknown'] }],
    [{ key_usage: ['unknown'] }],
    [{ max_chain_depth: -1 }],
    [{ max_chain_depth: '1' }],
    [{ expected_peer_name: { kind: 'URI', value: 'urn:x' } }],
    [{ expected_peer_name: 'example.com' }],
  ])('is an error of its own if it is malformed: %j', (members) => {
    const read = limboCase(members);
    expect(() => read.input()).toThrow(LayoutError);
    expect(runCase(read).report).toMatchObject({ verdict: 'error', path: 'error', production: 'reject' });
  });

  it('keeps its place, whatever it is', () => {
    const cases = readLimboFile({ testcases: [5, {}, LIMBO] }, NOW);
    expect(cases.map(({ key, expected }) => [key, expected])).toEqual([
      ['#1', 'FAILURE'],
      ['#2', 'FAILURE'],
      ['rfc5280::example', 'SUCCESS'],
    ]);
  });

  it.each([[undefined], [[]], [{}], [{ testcases: 5 }]])('a file of another layout is refused: %j', (json) => {
    expect(() => readLimboFile(json, NOW)).toThrow(LayoutError);
  });
});

function pkits(settings: object) {
  const entry = { id: 'pkits::4.8.1', name: 'Section8', expected_result: 'SUCCESS', settings, peer_certificate: '' };
  const [read] = readPkitsFile({ validation_time: '2011-04-15T00:00:00Z', cases: [entry] });
  if (read === undefined) throw new Error('no case');
  return read;
}

const nist = (number: number): string => `2.16.840.1.101.3.2.1.48.${number}`;

describe('12.6 a case of PKITS', () => {
  it('is validated at the time of its file, for any purpose, with DSA and SHA-1', () => {
    const { parameters, expectedPolicySet } = pkits({}).input();
    expect(parameters).toMatchObject({
      time: new Date('2011-04-15T00:00:00Z'),
      eku: [],
      leafKeyUsage: [],
      initialPolicySet: 'any',
      initialExplicitPolicy: false,
      initialPolicyMappingInhibit: false,
      initialAnyPolicyInhibit: false,
      algorithms: { sha1: true, dsa: true },
      profile: 'production',
    });
    expect(expectedPolicySet).toEqual([nist(1)]);
  });

  it('has the settings of its file', () => {
    const { parameters, expectedPolicySet } = pkits({
      SetInitialPolicySet: 'NIST-test-policy-1, NIST-test-policy-2',
      SetInitialExplicitPolicy: 'true',
      SetInitialPolicyMappingInhibit: 'true',
      SetInitialInhibitAnyPolicy: 'true',
      SetUserConstrainedPolicySet: '',
    }).input();
    expect(parameters).toMatchObject({
      initialPolicySet: new Set([nist(1), nist(2)]),
      initialExplicitPolicy: true,
      initialPolicyMappingInhibit: true,
      initialAnyPolicyInhibit: true,
    });
    expect(expectedPolicySet).toEqual([]);
  });

  it.each([
    [{ SetSomethingElse: 'true' }],
    [{ SetInitialExplicitPolicy: 'yes' }],
    [{ SetInitialPolicySet: 'some-policy' }],
    [{ SetInitialPolicySet: 5 }],
  ])('is an error of its own if a setting is unknown: %j', (settings) => {
    expect(runCase(pkits(settings)).report).toMatchObject({ key: 'Section8', verdict: 'error' });
  });
});

describe('which cases belong together', () => {
  it('the core of x509-limbo is what RFC 5280 decides about a path', () => {
    const ids = ['rfc5280::nc::permitted-dns-match', 'pathlen::x', 'cve::x', 'online::x'];
    const others = [
      'webpki::san::no-san',
      'crl::x',
      'rfc5280::serial::zero',
      'rfc5280::aki::critical-aki',
      'bettertls::nameconstraints::tc1',
    ];
    expect([...ids, ...others].filter(isCoreCase)).toEqual(ids);
  });

  it('cases of PKITS that only a CRL decides', () => {
    const names = [
      'Section4InvalidRevokedCATest2',
      'Section14ValiddistributionPointTest1',
      'Section15InvaliddeltaCRLTest3',
    ];
    const inOtherSections = [
      'Section5InvalidBasicSelfIssuedOldWithNewTest2',
      'Section7InvalidkeyUsageCriticalcRLSignFalseTest4',
    ];
    const others = [
      'Section1ValidSignaturesTest1',
      'Section5ValidBasicSelfIssuedOldWithNewTest1',
      'Section10ValidPolicyMappingTest1',
    ];
    expect([...names, ...inOtherSections, ...others].filter(isRevocationCase)).toEqual([...names, ...inOtherSections]);
  });
});
