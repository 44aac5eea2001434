import type { CredentialOwner } from '../../credentials/state-refusals.rules.js';
import type { Database } from '../../database/database.js';
import type { CertificatePolicy } from '../../policies/certificate-policy.model.js';
import type { RevocationEvidenceService } from '../../trust/revocation/revocation-evidence.service.js';
import type { TrustSet } from '../../trust/trust-set.model.js';
import { ownerOf } from '../certificate-row.js';
import type { CertificateEvaluator } from '../evaluation/certificate-evaluator.js';
import type { PolicyOutcomes } from '../evaluation/evaluation-message.js';
import type { Evidence } from '../evaluation/evidence-octets.js';
import { wantedEvidenceOf } from '../evaluation/wanted-evidence-of.js';
import { FIND_CERTIFICATES_OF_POLICY, MAX_SIMULATED } from './simulation.queries.js';
import { type SimulatedChange, simulatedChange } from './simulation.rules.js';

export interface SimulatedPolicy {
  readonly policy: CertificatePolicy;
  /** Undefined if it names none, or it cannot be read. */
  readonly set: TrustSet | undefined;
}

interface Question {
  readonly clientExtId: string;
  readonly policyExtId: string;
  /** As it is, and as it would be. */
  readonly policies: readonly SimulatedPolicy[];
  readonly time: Date;
}

interface Means {
  readonly database: Database;
  readonly evidence: RevocationEvidenceService;
  readonly evaluator: CertificateEvaluator;
}

interface Batch {
  readonly evaluated: number;
  readonly changes: readonly SimulatedChange[];
}

interface Credential {
  readonly extId: string;
  readonly userExtId: string;
  readonly der: Buffer;
  readonly owner: CredentialOwner;
}

/** CRLs that the next batch most likely needs as well. */
const MAX_KEPT = 16;

/** Reads the certificates of a policy in batches, without a transaction, and has them evaluated in the worker thread. */
export class SimulationBatches {
  private kept: readonly Evidence[] = [];

  constructor(
    private readonly question: Question,
    private readonly means: Means,
  ) {}

  async *all(signal: AbortSignal | undefined): AsyncGenerator<Batch> {
    const ofSets = await this.evidenceOfSets();
    let afterExtId: string | null | undefined = '';
    while (typeof afterExtId === 'string') {
      signal?.throwIfAborted();
      const { credentials, last } = await this.next(afterExtId);
      afterExtId = last;
      if (credentials.length > 0) yield await this.evaluate(credentials, ofSets, signal);
    }
  }

  /** `last`: null or undefined at the end. */
  private async next(afterExtId: string) {
    const { clientExtId, policyExtId } = this.question;
    const found = await FIND_CERTIFICATES_OF_POLICY.all(this.means.database, { clientExtId, policyExtId, afterExtId });
    const credentials = found.flatMap((row) =>
      // A certificate always has a DER: `credentials_certificate_check`.
      row.extId === null || row.der === null ? [] : { ...row, der: row.der, owner: ownerOf(row) },
    );
    const last = credentials.length === MAX_SIMULATED ? credentials.at(-1)?.extId : found[0]?.lastExamined;
    return { credentials, last };
  }

  private async evaluate(
    credentials: readonly Credential[],
    ofSets: readonly Evidence[],
    signal: AbortSignal | undefined,
  ): Promise<Batch> {
    const outcomes = new Map<Credential, PolicyOutcomes | undefined>();
    await this.ask(outcomes, credentials, [...ofSets, ...this.kept], signal);
    // What is stored may say that a certificate is revoked which the CRLs of the set call good.
    const isAsking = (credential: Credential): boolean => (outcomes.get(credential)?.named.length ?? 0) > 0;
    const asking = credentials.filter(isAsking);
    const stored = await this.storedFor(outcomes);
    if (stored.length > 0) await this.ask(outcomes, asking, [...ofSets, ...this.kept, ...stored], signal);
    const changes = [...outcomes].flatMap(
      ([credential, known]) => simulatedChange(credential, known?.outcomes ?? []) ?? [],
    );
    return { evaluated: credentials.length, changes };
  }

  private async ask(
    outcomes: Map<Credential, PolicyOutcomes | undefined>,
    credentials: readonly Credential[],
    evidence: readonly Evidence[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { clientExtId, policies, time } = this.question;
    const certificates = credentials.map(({ der, owner }) => ({ der, owner }));
    const asked = { policies, certificates, evidence: [...new Set(evidence)], time };
    const answers = await this.means.evaluator.policies(clientExtId, asked, signal);
    for (const [index, credential] of credentials.entries()) outcomes.set(credential, answers[index]);
  }

  /** Only what is stored: nothing is fetched for a simulation (contract 13.3). */
  private async storedFor(outcomes: ReadonlyMap<Credential, PolicyOutcomes | undefined>): Promise<readonly Evidence[]> {
    const { clientExtId, policies, time } = this.question;
    const certificates = policies.flatMap(({ set }) =>
      set === undefined ? [] : [...set.anchors, ...set.intermediates],
    );
    const leaves = [...outcomes].map(([{ der }, known]) => ({ der, named: known?.named ?? [] }));
    const wanted = wantedEvidenceOf(leaves, certificates);
    const setExtId = policies.find(({ set }) => set !== undefined)?.set?.extId;
    if (wanted.length === 0 || setExtId === undefined) return [];
    const { crls, ocsp } = await this.means.evidence.stored(clientExtId, setExtId, wanted, time);
    this.kept = [...new Set([...crls, ...this.kept])].slice(0, MAX_KEPT);
    return [...crls, ...ocsp];
  }

  private async evidenceOfSets(): Promise<readonly Evidence[]> {
    const { clientExtId, policies, time } = this.question;
    const asking = policies.filter(({ policy }) => policy.revocationCheck !== 'none');
    const found = await Promise.all(
      asking.flatMap(({ set }) =>
        set === undefined ? [] : this.means.evidence.stored(clientExtId, set.extId, [], time),
      ),
    );
    return [...new Set(found.flatMap(({ crls, ocsp }) => [...crls, ...ocsp]))];
  }
}
