import { describe, expect, it } from 'vitest';

import { authority, endEntity, extensions, type Issued } from '../../test/support/signed-certificate.js';
import { explanationFrom } from './explain-answer.js';
import { explainOffline, explainUnreadable } from './explain-offline.js';
import { formatExplanation, painter } from './format-explanation.js';

const NOW = new Date('2026-06-01T00:00:00Z');

const root = authority('Root');
const issuing = authority('Issuing', { issuer: root });
const namesake = authority('Root');
const expired = authority('Expired', { issuer: root, notAfter: '250101000000Z' });
const noCa = endEntity(root, { subject: 'No CA' });
const constrained = authority('Constrained', { issuer: root, and: [extensions.nameConstraints(['acme.example'])] });
const leaf = endEntity(issuing);

interface Situation {
  readonly leaf: Issued;
  readonly anchors?: readonly Issued[];
  readonly intermediates?: readonly Issued[];
  readonly chain?: readonly Issued[];
  readonly isUpload?: boolean;
}

const certificates = (list: readonly Issued[] = []) => list.map(({ certificate }) => certificate);

function explained({ leaf: { certificate }, anchors, intermediates, chain, isUpload = false }: Situation) {
  const trusted = { anchors: certificates(anchors), intermediates: certificates(intermediates) };
  return explainOffline(certificate, trusted, { time: NOW, chain: certificates(chain), isUpload });
}

const textOf = (situation: Situation): string => formatExplanation('jane.pem', explained(situation), painter(false));

/** The part under a heading. */
const part = (text: string, heading: string): readonly string[] =>
  (new RegExp(`^${heading}\n((?: {2}.*\n|\n(?= {2}))*)`, 'm').exec(`${text}\n`)?.[1] ?? '').split('\n').slice(0, -1);

const fingerprint = ({ certificate }: Issued): string =>
  (certificate.sha256.toString('hex').toUpperCase().match(/../g) ?? []).join(':');

describe('12.4 the path as it is drawn', () => {
  it.each<readonly [string, Situation, string, readonly string[]]>([
    [
      'a proven path',
      { leaf, anchors: [root], intermediates: [issuing] },
      'ACCEPTED  jane.pem\n  A path leads to it from an anchor.\n',
      ['  o  CN=Jane Doe', '  |', '  o  CN=Issuing', '  |', '  o  CN=Root', '     anchor'],
    ],
    [
      'a missing issuer is drawn in its place',
      { leaf, anchors: [root] },
      'REFUSED  jane.pem\n  No certificate of the set has the name of its issuer. (issuerNotFound, RFC 5280 section 6.1.3 (a)(4))\n',
      [
        '  o  CN=Jane Doe',
        '  |',
        '  ?  CN=Issuing',
        '     No certificate of the set has the name of its issuer. (issuerNotFound, RFC 5280 section 6.1.3 (a)(4))',
      ],
    ],
    [
      'an issuer with the right name and another key',
      { leaf: endEntity(namesake), anchors: [root] },
      'REFUSED  jane.pem\n',
      [
        '  o  CN=Jane Doe',
        '  |',
        '  x  CN=Root',
        `     ${fingerprint(root)}`,
        '     Its key did not make the signature of the certificate below it. (badSignature, RFC 5280 section 6.1.3 (a)(1))',
      ],
    ],
    [
      'an expired leaf, for which nothing more is looked for',
      { leaf: endEntity(issuing, { notAfter: '260501000000Z' }), anchors: [root], intermediates: [issuing] },
      'REFUSED  jane.pem\n  Its validity has ended. (expired, RFC 5280 section 6.1.3 (a)(2))\n',
      ['  x  CN=Jane Doe', '  |  Its validity has ended. (expired, RFC 5280 section 6.1.3 (a)(2))'],
    ],
    [
      'an expired intermediate',
      { leaf: endEntity(expired), anchors: [root], intermediates: [expired] },
      'REFUSED  jane.pem\n  Its validity has ended. (expired, RFC 5280 section 6.1.3 (a)(2))\n',
      [
        '  o  CN=Jane Doe',
        '  |',
        '  x  CN=Expired',
        `     ${fingerprint(expired)}`,
        '     Its validity has ended. (expired, RFC 5280 section 6.1.3 (a)(2))',
      ],
    ],
    [
      'an issuer that is no CA',
      { leaf: endEntity(noCa), anchors: [root], intermediates: [noCa] },
      'REFUSED  jane.pem\n  It has no basic constraints. (notCa, RFC 5280 section 6.1.4 (k))\n',
      [
        '  o  CN=Jane Doe',
        '  |',
        '  x  CN=No CA',
        `     ${fingerprint(noCa)}`,
        '     It has no basic constraints. (notCa, RFC 5280 section 6.1.4 (k))',
      ],
    ],
  ])('%s', (_, situation, verdict, path) => {
    const text = textOf(situation);
    expect(text.startsWith(verdict)).toBe(true);
    expect(part(text, 'Path')).toEqual(path);
  });

  it('what was tried elsewhere is listed below', () => {
    const elsewhere = authority('Issuing', { issuer: authority('Elsewhere'), keys: issuing.keys });
    const text = textOf({ leaf, anchors: [authority('Other')], intermediates: [issuing, elsewhere] });
    expect(text).toMatch(/\n {2}Also tried:\n {2}x {2}CN=Issuing\n {5}[\dA-F:]+\n {5}.*\(issuerNotFound, /);
  });

  it('a name that a CA may not certify', () => {
    const named = endEntity(constrained, { and: [extensions.dnsNames('evil.example')] });
    expect(textOf({ leaf: named, anchors: [root], intermediates: [constrained] })).toMatch(
      /x {2}CN=Constrained\n.*\n.*\(nameConstraints, RFC 5280 section 6\.1\.3 \(b\)\)/,
    );
  });
});

describe('the rest of the text', () => {
  it('names the fields of the certificate, and leaves out what it does not have', () => {
    const { certificate } = leaf;
    expect(part(textOf({ leaf, anchors: [root] }), 'Certificate')).toEqual([
      '  subject        CN=Jane Doe',
      '  issuer         CN=Issuing',
      `  serial number  ${certificate.serial}`,
      '  valid          2026-01-01T00:00:00Z to 2027-01-01T00:00:00Z',
      '  key            EC P-256',
      '  signed with    ecdsa-with-SHA256',
      '  key usage      digitalSignature',
      '  purposes       clientAuth',
      `  SHA-256        ${fingerprint(leaf)}`,
    ]);
  });

  it('lists findings with their code and section', () => {
    const odd = endEntity(issuing, { serialNumber: Buffer.from([0]) });
    const findings = part(textOf({ leaf: odd, anchors: [root], intermediates: [issuing] }), 'Findings');
    expect(findings).toEqual([expect.stringMatching(/^ {2}! {2}serialNumber: .*\(zeroSerialNumber, RFC 5280 section/)]);
  });

  it.each<readonly [string, Situation, readonly string[]]>([
    ['accepted: nothing', { leaf, anchors: [root], intermediates: [issuing] }, []],
    ['nothing trusted: the option', { leaf }, [expect.stringContaining('--anchors') as string]],
    ['no issuer: the set', { leaf, anchors: [root] }, [expect.stringContaining('Add the CA to the set') as string]],
  ])('says what to do (%s)', (_, situation, remedies) => {
    expect(part(textOf(situation), 'What to do')).toEqual(remedies);
  });

  it('14.1 an upload ignores the chain, and the text says so', () => {
    const situation = { leaf, anchors: [root], chain: [issuing] };
    expect(textOf(situation)).toMatch(/^ACCEPTED[^]*For an upload, they have to be intermediates of the set\.$/);
    expect(textOf({ ...situation, isUpload: true })).toMatch(/^REFUSED[^]*were ignored, as for an upload\.$/);
  });

  it('what is no certificate is refused with the reason', () => {
    expect(formatExplanation('jane.pem', explainUnreadable('It is not DER.'), painter(false))).toMatch(
      /^REFUSED {2}jane\.pem\n {2}It is not DER\.\n\nWhat to do/,
    );
  });
});

describe('texts of others', () => {
  const HOSTILE = '\u001b[2J\u202eevil\r\nACCEPTED\u0007';

  it('in a certificate cannot move the cursor, forge a line or change the direction', () => {
    const hostile = endEntity(authority(HOSTILE, { issuer: root }), {
      subject: HOSTILE,
      and: [extensions.dnsNames(HOSTILE)],
    });
    const text = textOf({ leaf: hostile, anchors: [root] });
    expect(text).toContain('CN=\\1B[2J\\E2\\80\\AEevil\\0D\\0AACCEPTED\\07');
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text.split('\n').some((line) => line.startsWith('ACCEPTED'))).toBe(false);
  });

  it('in the name of a file or the answer of a server cannot either', () => {
    const remark = { code: HOSTILE, reason: HOSTILE, detail: HOSTILE, section: HOSTILE, part: HOSTILE };
    const certificate = { subjectDN: HOSTILE, issuerDN: HOSTILE, fingerprint: HOSTILE };
    const answer = {
      verdict: HOSTILE,
      rules: [{ rule: HOSTILE, passed: false, expected: HOSTILE, found: HOSTILE }],
      findings: [remark],
      remedies: [HOSTILE],
      owner: { userExtId: HOSTILE },
      conflicts: [{ message: HOSTILE }],
      revocation: {
        detail: HOSTILE,
        evidence: [
          {
            ...certificate,
            status: HOSTILE,
            reason: HOSTILE,
            revocationDate: HOSTILE,
            sources: [{ kind: HOSTILE, name: HOSTILE, nextUpdate: HOSTILE }],
            failed: [{ url: HOSTILE, detail: HOSTILE }],
          },
        ],
      },
      notes: [HOSTILE],
      path: { certificates: [certificate], rejected: [{ ...certificate, ...remark }], findings: [remark] },
    };
    const explanation = explanationFrom(answer, leaf.certificate);
    const text = explanation && formatExplanation(HOSTILE, explanation, painter(false));
    expect(text?.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text?.split('\n').some((line) => line.startsWith('ACCEPTED'))).toBe(false);
  });

  it('with colours, only our own sequences are in the text', () => {
    const text = formatExplanation('jane.pem', explained({ leaf, anchors: [root] }), painter(true));
    expect(text).toContain('\u001b[31mREFUSED\u001b[39m');
    // oxlint-disable-next-line no-control-regex
    expect(text.replaceAll(/\u001b\[\d+m/g, '')).toBe(textOf({ leaf, anchors: [root] }));
  });
});
