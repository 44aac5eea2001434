import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { Clock } from '../../common/clock.js';
import { LOGGER } from '../../common/logger.token.js';
import { PoliciesService } from '../../policies/policies.service.js';
import { RevocationEvidenceService } from '../../trust/revocation/revocation-evidence.service.js';
import type { RevocationEvidence, WantedEvidence } from '../../trust/revocation/wanted-evidence.model.js';
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
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Nothing about the certificates of a policy that changes meanwhile, or that cannot be read, as its set. */
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
    const policy = this.policyOf(clientExtId, row);
    if (policy === undefined) return [];
    const { revocationCheck: mode, requiredExtendedKeyUsage } = policy;
    const found = await this.trust.setOfPolicy(clientExtId, row);
    if (mode === 'none' || found?.set === undefined || !isSamePolicy(found, row)) return [];
    const purposes = requiredExtendedKeyUsage.map(({ oid }) => oid);
    const batch: Batch = {
      clientExtId,
      set: found.set,
      certificates: rows.map(({ der }) => ({ der, purposes: purposes.length === 0 ? undefined : purposes })),
      evidence: new Set(pass.crls),
      results: [],
    };
    await this.evaluate(batch, pass, ending);
    return rows.map((each, index) => {
      return { clientExtId, row: each, path: batch.results[index]?.path ?? { kind: 'undecided' }, mode };
    });
  }

  /** One that cannot be read must not keep the others of its client from being checked. */
  private policyOf(clientExtId: string, { policyExtId, policyParameters }: CheckedRow) {
    try {
      return this.policies.certificatePolicy(clientExtId, policyParameters);
    } catch (err) {
      this.logger.error({ err, client: clientExtId, policy: policyExtId }, 'a policy cannot be read');
      return undefined;
    }
  }

  /**
   * First by all that is stored, because it might say *revoked*; then, where something is still unknown, CRLs and responders
   * are asked.
   */
  private async evaluate(batch: Batch, pass: PassEvidence, ending: AbortSignal): Promise<void> {
    const { clientExtId, set } = batch;
    const ofSet = await this.evidence.stored(clientExtId, set.extId, [], this.clock.now());
    for (const each of [...ofSet.crls, ...ofSet.ocsp]) batch.evidence.add(each);
    await this.ask(batch, ending);
    const named = distinctWanted(wantedBy(batch, { onlyOpen: false }));
    if (named.length === 0) return;
    const stored = await this.evidence.stored(clientExtId, set.extId, named, this.clock.now());
    await this.learn(batch, stored, pass, ending);
    for (const kind of FETCHED_KINDS) {
      const asked = pass.take(kind, wantedBy(batch, { onlyOpen: true }));
      if (asked.length === 0) continue;
      const signal = AbortSignal.any([ending, AbortSignal.timeout(FETCH_MS)]);
      const fetched = await this.evidence.fetch(clientExtId, asked, { now: this.clock.now(), signal });
      ending.throwIfAborted();
      await this.learn(batch, fetched, pass, ending);
    }
  }

  /** New evidence may change every answer. */
  private async learn(batch: Batch, found: Found, pass: PassEvidence, ending: AbortSignal): Promise<void> {
    pass.keep(found);
    const { size } = batch.evidence;
    for (const each of [...found.crls, ...found.ocsp]) batch.evidence.add(each);
    if (batch.evidence.size > size) await this.ask(batch, ending);
  }

  private async ask(batch: Batch, ending: AbortSignal): Promise<void> {
    const { clientExtId, set, certificates, evidence } = batch;
    const question = { set, evidence: [...evidence], certificates, time: this.clock.now() };
    batch.results = await this.evaluator.paths(clientExtId, question, ending);
  }
}

type Found = Pick<RevocationEvidence, 'crls' | 'ocsp'>;

/** The certificates of one policy in a batch. */
interface Batch {
  readonly clientExtId: string;
  readonly set: TrustSet;
  readonly certificates: readonly EvaluatedOctets[];
  readonly evidence: Set<Evidence>;
  /** In the order of the certificates. */
  results: readonly EvaluatedCertificate[];
}

/** `onlyOpen`: the sources of certificates whose status is unknown. */
function wantedBy(
  { set, certificates, results }: Batch,
  { onlyOpen }: { readonly onlyOpen: boolean },
): readonly WantedEvidence[] {
  const leaves = results.map(({ named }, index) => {
    return { der: certificates[index]?.der, named: named.filter(({ isOpen }) => isOpen || !onlyOpen) };
  });
  return wantedEvidenceOf(leaves, [...set.anchors, ...set.intermediates]);
}

function versionOf(row: CheckedRow): string {
  const { policyExtId, policyGeneration, policyVersion, evaluationVersion } = row;
  return [policyExtId, policyGeneration, policyVersion, evaluationVersion].join(' ');
}
