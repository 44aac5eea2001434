import { Injectable } from '@nestjs/common';

import { Clock } from '../../common/clock.js';
import { PoliciesService } from '../../policies/policies.service.js';
import { RevocationEvidenceService } from '../../trust/revocation/revocation-evidence.service.js';
import type { RevocationEvidence, WantedEvidence } from '../../trust/revocation/wanted-evidence.js';
import { isSamePolicy, type TrustSet } from '../../trust/trust-set.model.js';
import { TrustService } from '../../trust/trust.service.js';
import { REVOCATION_SOURCE_KINDS } from '../../x509/revocation/revocation-source.js';
import { CertificateEvaluator } from '../evaluation/certificate-evaluator.js';
import type { EvaluatedCertificate, EvaluatedOctets } from '../evaluation/evaluation-message.js';
import type { Evidence } from '../evaluation/evidence-octets.js';
import { wantedEvidenceOf } from '../evaluation/wanted-evidence-of.js';
import { distinctWanted, type PassEvidence } from './pass-evidence.js';
import type { RevocationFinding } from './revocation-change.service.js';
import type { CheckedRow } from './revocation-checks.queries.js';

/** For all sources of one kind of a batch. */
const FETCH_MS = 5_000;

/** CRLs first: one answers for all certificates of its issuer. */
const FETCHED_KINDS = REVOCATION_SOURCE_KINDS.toReversed();

/** What is known about the paths of stored certificates: the thread evaluates, this brings the evidence. */
@Injectable()
export class PathStatuses {
  constructor(
    private readonly policies: PoliciesService,
    private readonly trust: TrustService,
    private readonly evidence: RevocationEvidenceService,
    private readonly evaluator: CertificateEvaluator,
    private readonly clock: Clock,
  ) {}

  /** Nothing about the certificates of a policy that changes meanwhile, or whose set cannot be read. */
  async of(
    clientExtId: string,
    rows: readonly CheckedRow[],
    pass: PassEvidence,
    ending: AbortSignal,
  ): Promise<readonly RevocationFinding[]> {
    const groups = Map.groupBy(rows, versionOf);
    const findings: RevocationFinding[] = [];
    for (const group of groups.values()) findings.push(...(await this.ofPolicy(clientExtId, group, pass, ending)));
    return findings;
  }

  private async ofPolicy(
    clientExtId: string,
    rows: readonly CheckedRow[],
    pass: PassEvidence,
    ending: AbortSignal,
  ): Promise<readonly RevocationFinding[]> {
    const [row] = rows;
    if (row === undefined) return [];
    const { revocationCheck: mode, requiredExtendedKeyUsage } = this.policies.certificatePolicy(row.policyParameters);
    const found = await this.trust.setOfPolicy(clientExtId, row);
    if (mode === 'none' || found?.set === undefined || !isSamePolicy(found, row)) return [];
    const purposes = requiredExtendedKeyUsage.map(({ oid }) => oid);
    const batch: Batch = {
      clientExtId,
      set: found.set,
      certificates: rows.map(({ der }) => ({ der, purposes: purposes.length === 0 ? undefined : purposes })),
      evidence: new Set(pass.crls),
      results: new Map(),
    };
    await this.evaluate(batch, pass, ending);
    return rows.map((each, index) => {
      return { clientExtId, row: each, path: batch.results.get(index)?.path ?? { kind: 'undecided' }, mode };
    });
  }

  /** In stages, each only for certificates of which something is still unknown: what is stored, CRLs, responders. */
  private async evaluate(batch: Batch, pass: PassEvidence, ending: AbortSignal): Promise<void> {
    const { clientExtId, set } = batch;
    const ofSet = await this.evidence.stored(clientExtId, set.extId, [], this.clock.now());
    for (const each of [...ofSet.crls, ...ofSet.ocsp]) batch.evidence.add(each);
    await this.ask(batch, [...batch.certificates.keys()], ending);
    const wanted = distinctWanted(wantedBy(batch));
    if (wanted.length === 0) return;
    const stored = await this.evidence.stored(clientExtId, set.extId, wanted, this.clock.now());
    await this.learn(batch, stored, pass, ending);
    for (const kind of FETCHED_KINDS) {
      const asked = pass.take(kind, wantedBy(batch));
      if (asked.length === 0) continue;
      const signal = AbortSignal.any([ending, AbortSignal.timeout(FETCH_MS)]);
      const fetched = await this.evidence.fetch(clientExtId, asked, { now: this.clock.now(), signal });
      ending.throwIfAborted();
      await this.learn(batch, fetched, pass, ending);
    }
  }

  private async learn(batch: Batch, found: Found, pass: PassEvidence, ending: AbortSignal): Promise<void> {
    pass.keep(found);
    const { size } = batch.evidence;
    for (const each of [...found.crls, ...found.ocsp]) batch.evidence.add(each);
    if (batch.evidence.size > size) await this.ask(batch, openOf(batch), ending);
  }

  private async ask(batch: Batch, indexes: readonly number[], ending: AbortSignal): Promise<void> {
    const certificates = indexes.flatMap((index) => batch.certificates[index] ?? []);
    const question = { set: batch.set, evidence: [...batch.evidence], certificates, time: this.clock.now() };
    const results = await this.evaluator.paths(batch.clientExtId, question, ending);
    for (const [position, index] of indexes.entries()) {
      const result = results[position];
      if (result !== undefined) batch.results.set(index, result);
    }
  }
}

type Found = Pick<RevocationEvidence, 'crls' | 'ocsp'>;

/** The certificates of one policy in a batch. */
interface Batch {
  readonly clientExtId: string;
  readonly set: TrustSet;
  readonly certificates: readonly EvaluatedOctets[];
  readonly evidence: Set<Evidence>;
  /** By index. */
  readonly results: Map<number, EvaluatedCertificate>;
}

function openOf({ results }: Batch): readonly number[] {
  return [...results].flatMap(([index, { open }]) => (open.length > 0 ? index : []));
}

function wantedBy({ set, certificates, results }: Batch): readonly WantedEvidence[] {
  const leaves = certificates.map(({ der }, index) => ({ der, open: results.get(index)?.open ?? [] }));
  return wantedEvidenceOf(leaves, [...set.anchors, ...set.intermediates]);
}

function versionOf(row: CheckedRow): string {
  const { policyExtId, policyGeneration, policyVersion, evaluationVersion } = row;
  return [policyExtId, policyGeneration, policyVersion, evaluationVersion].join(' ');
}
