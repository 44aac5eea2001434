import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { afterEach, describe, expect, it } from 'vitest';

import { authority, endEntity, type Issued } from '../../../test/support/signed-certificate.js';
import { crlExtensions, revoked, signCrl } from '../../../test/support/signed-crl.js';
import type { TrustSet } from '../../trust/trust-set.model.js';
import { prepareAnchors } from '../../x509/path/prepared-anchors.js';
import { CertificateEvaluator, EvaluationEndedError } from './certificate-evaluator.js';

const TIME = new Date('2026-06-01T12:00:00Z');
const ROOT = authority('Root');
const LEAVES = [endEntity(ROOT), endEntity(ROOT)] as const;

const PROGRAM = join(
  import.meta.dirname,
  '../../../dist/src/certificates/evaluation/certificate-evaluation-program.js',
);
const MISBEHAVING = join(import.meta.dirname, '../../../test/support/misbehaving-evaluation-program.mjs');

function setOf(extId: string, ...anchors: readonly Issued[]): TrustSet {
  const certificates = anchors.map(({ certificate }) => certificate);
  return {
    clientExtId: '100',
    extId,
    generation: '0',
    version: 1,
    name: extId,
    anchors: certificates,
    intermediates: [],
    prepared: prepareAnchors(certificates, []),
  };
}

const QUESTION = {
  set: setOf('set-1', ROOT),
  evidence: [],
  certificates: LEAVES.map(({ der }) => ({ der, purposes: undefined })),
  time: TIME,
};

const questionOf = (clientExtId: string) => ({ ...QUESTION, set: { ...QUESTION.set, clientExtId } });

let evaluator: CertificateEvaluator;
afterEach(async () => await evaluator.close());

const kinds = (evaluated: readonly { readonly path: { readonly kind: string } }[]) =>
  evaluated.map(({ path }) => path.kind);

describe('the thread that evaluates certificates', () => {
  it('12.2 answers in the order of the certificates, and is sent sets and evidence that it lacks', async () => {
    evaluator = new CertificateEvaluator({ program: PROGRAM });
    const crl = signCrl(ROOT, { entries: [revoked(LEAVES[1], crlExtensions.reason(1))] });
    expect(kinds(await evaluator.paths('100', QUESTION))).toEqual(['accepted', 'accepted']);
    const evaluated = await evaluator.paths('100', { ...QUESTION, evidence: [crl] });
    expect(kinds(evaluated)).toEqual(['accepted', 'revoked']);
    expect(evaluated[1]?.path).toMatchObject({
      certificates: [
        { status: 'revoked', reason: 'keyCompromise', evidence: { kind: 'CRL', thisUpdate: crl.thisUpdate } },
      ],
    });
    expect(kinds(await evaluator.paths('100', { ...QUESTION, set: setOf('set-2', authority('Other')) }))).toEqual([
      'unproven',
      'unproven',
    ]);
  });

  it('12.2 is another one after it has ended, and what it had is sent again', async () => {
    evaluator = new CertificateEvaluator({ program: PROGRAM });
    await evaluator.paths('100', QUESTION);
    await evaluator.close();
    expect(kinds(await evaluator.paths('100', QUESTION))).toEqual(['accepted', 'accepted']);
  });

  it.each(['end', 'throw', 'hang'])(
    '12.2 one that does this rejects the question, not the next one: %s',
    async (client) => {
      evaluator = new CertificateEvaluator({ program: MISBEHAVING, timeLimitMs: 5_000 });
      await expect(evaluator.paths(client, questionOf(client))).rejects.toThrow(EvaluationEndedError);
      expect(kinds(await evaluator.paths('100', QUESTION))).toEqual(['unproven', 'unproven']);
    },
  );

  it('12.2 a question that is broken off does not wait for the thread', async () => {
    evaluator = new CertificateEvaluator({ program: MISBEHAVING });
    const ending = new AbortController();
    const question = evaluator.paths('hang', questionOf('hang'), ending.signal);
    await setImmediate();
    ending.abort(new Error('the server ends'));
    await expect(question).rejects.toThrow('the server ends');
  });

  it('12.2 one that never has what it needs is not asked for ever', async () => {
    evaluator = new CertificateEvaluator({ program: MISBEHAVING });
    await expect(evaluator.paths('forget', questionOf('forget'))).rejects.toThrow(EvaluationEndedError);
  });
});
