import { describe, expect, it } from 'vitest';

import { authority, endEntity } from '../../test/support/signed-certificate.js';
import { explanationFrom } from './explain-answer.js';
import { formatExplanation, painter } from './format-explanation.js';

const leaf = endEntity(authority('Root'));

/** The part under a heading. */
const part = (text: string, heading: string): readonly string[] =>
  (new RegExp(`^${heading}\n((?: {2}.*\n|\n(?= {2}))*)`, 'm').exec(`${text}\n`)?.[1] ?? '').split('\n').slice(0, -1);

describe('14.1 the answer of a server', () => {
  const certificate = { subjectDN: 'CN=Jane Doe', issuerDN: 'CN=Root', fingerprint: 'AA' };
  const answer = {
    verdict: 'refused',
    rules: [
      { rule: 'keyTypes', passed: true, expected: 'EC:P-256', found: 'EC:P-256' },
      { rule: 'maxValidityDays', passed: false, expected: 'at most 397 days', found: '825 days' },
    ],
    path: {
      proven: true,
      certificates: [certificate, { subjectDN: 'CN=Root', issuerDN: 'CN=Root', fingerprint: 'BB' }],
      rejected: [],
      omitted: 0,
      findings: [{ fingerprint: 'BB', section: 'RFC 5280 section 4.2.1.2', detail: 'It is a CA.' }],
    },
    remedies: ['Have it issued for at most 397 days.'],
    owner: { userExtId: 'jane' },
  };

  it('is printed with the rules of the policy', () => {
    const explanation = explanationFrom(answer, leaf.certificate);
    const text = explanation === undefined ? '' : formatExplanation('jane.pem', explanation, painter(false));
    expect(text).toMatch(/^REFUSED {2}jane\.pem\n {2}It breaks 1 of 2 rules: maxValidityDays\.\n/);
    expect(part(text, 'Rules of the policy')).toEqual([
      '  o  keyTypes: expected EC:P-256; found EC:P-256',
      '  x  maxValidityDays: expected at most 397 days; found 825 days',
    ]);
    expect(part(text, 'Path')).toEqual([
      '  o  CN=Jane Doe',
      '  |',
      '  o  CN=Root',
      '  |  It is a CA. (RFC 5280 section 4.2.1.2)',
      '     anchor',
    ]);
    expect(part(text, 'What to do')).toEqual(['  -  Have it issued for at most 397 days.']);
    expect(text).toContain('User jane has this certificate.');
  });

  it('13.5 is printed with what is known about revocation', () => {
    const evidence = [
      {
        subjectDN: 'CN=Jane Doe',
        status: 'revoked',
        reason: 'keyCompromise',
        revocationDate: '2026-04-01T00:00:00Z',
        sources: [{ kind: 'ocsp', name: 'http://ocsp.acme.example', nextUpdate: '2026-07-01T00:00:00Z' }],
        failed: [],
      },
      {
        subjectDN: 'CN=Issuing',
        status: 'unknown',
        code: 'crlExpired',
        section: 'RFC 5280 section 6.3.3 (a)(1)',
        detail: 'The next CRL should have been issued already.',
        sources: [],
        failed: [{ kind: 'crl', url: 'http://crl.acme.example', detail: 'The source cannot be reached.' }],
      },
      { subjectDN: 'CN=Upper', status: 'good', sources: [{ kind: 'crl', name: 'CN=Root, number 5' }], failed: [] },
    ];
    const revocation = { checked: true, passed: false, detail: 'Found: CN=Jane Doe is revoked.', evidence };
    const explanation = explanationFrom({ ...answer, revocation, notes: ['Only stored.'] }, leaf.certificate);
    const text = explanation === undefined ? '' : formatExplanation('jane.pem', explanation, painter(false));
    expect(part(text, 'Revocation')).toEqual([
      '  Found: CN=Jane Doe is revoked.',
      '  x  CN=Jane Doe: revoked',
      '     keyCompromise, 2026-04-01T00:00:00Z',
      '     OCSP: http://ocsp.acme.example, until 2026-07-01T00:00:00Z',
      '  ?  CN=Issuing: unknown',
      '     The next CRL should have been issued already. (crlExpired, RFC 5280 section 6.3.3 (a)(1))',
      '     http://crl.acme.example: The source cannot be reached.',
      '  o  CN=Upper: good',
      '     CRL: CN=Root, number 5',
    ]);
    expect(text.trimEnd().endsWith('Only stored.')).toBe(true);
  });

  it.each([[undefined], [null], ['accepted'], [{}], [{ verdict: 1 }], [[]]])('%j is no answer', (other) => {
    expect(explanationFrom(other, leaf.certificate)).toBeUndefined();
  });

  it('that lacks members, or has others, is still shown', () => {
    const odd = { verdict: 'disabled', rules: 'none', path: { certificates: [1] }, findings: [null], remedies: [{}] };
    expect(explanationFrom(odd, leaf.certificate)).toMatchObject({ verdict: 'disabled', rules: [], remedies: [] });
  });
});
