import { describe, expect, it } from 'vitest';

import { decideCrlPut, isNewerThan, MAX_CRLS, unusedReason } from './trust-set-crl.rules.js';

const NOW = new Date('2026-06-01T12:00:00Z');
const BEFORE = new Date('2026-06-01T11:59:59Z');
const AFTER = new Date('2026-06-01T12:00:01Z');

describe('11.5 whether a CRL counts now', () => {
  it.each([
    ['it is current', {}, true, undefined],
    ['it begins now', { thisUpdate: NOW }, true, undefined],
    ['it begins later', { thisUpdate: AFTER }, true, 'notYetValid'],
    ['it ends now', { nextUpdate: NOW }, true, 'expired'],
    ['it has no end', { nextUpdate: null }, true, 'noNextUpdate'],
    ['the set has no certificate of its issuer', {}, false, 'issuerNotFound'],
    ['it says nothing about any certificate', { unusable: 'Why.', nextUpdate: null }, false, 'unusable'],
  ])('11.5 %s', (_, members, hasIssuer, reason) => {
    const crl = { unusable: null, thisUpdate: BEFORE, nextUpdate: AFTER, ...members };
    expect(unusedReason(crl, { hasIssuer, now: NOW })).toBe(reason);
  });
});

describe('11.5 putting a CRL', () => {
  const [one, other] = [Buffer.from('one'), Buffer.from('other')];
  it.each([
    ['a new one', { sha256: null, stored: MAX_CRLS - 1 }, 'changed'],
    ['a new one into a full set', { sha256: null, stored: MAX_CRLS }, 'refused'],
    ['another one under a name of a full set', { sha256: other, stored: MAX_CRLS }, 'changed'],
    ['the same one', { sha256: one, stored: 1 }, 'unchanged'],
  ])('11.5 %s', (_, current, kind) => {
    expect(decideCrlPut(current, one).kind).toBe(kind);
  });
});

describe('11.5 which of two CRLs is newer', () => {
  it.each([
    ['the number decides, as a number', '10', BEFORE, '9', AFTER, true],
    ['equal numbers', '10', AFTER, '10', BEFORE, false],
    ['without a number thisUpdate decides', null, AFTER, '10', BEFORE, true],
    ['equal times', null, NOW, null, NOW, false],
  ])('11.5 %s', (_, number, thisUpdate, nextNumber, nextThisUpdate, newer) => {
    const next = { number: nextNumber, thisUpdate: nextThisUpdate };
    expect(isNewerThan({ number, thisUpdate }, next)).toBe(newer);
  });
});
