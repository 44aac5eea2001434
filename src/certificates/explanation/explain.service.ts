import { Inject, Injectable } from '@nestjs/common';

import { evidenceUnavailable } from '../../audit/guarded-change.js';
import { refuseAdministeredMembers } from '../../auth/access.rules.js';
import type { Caller } from '../../common/actor.js';
import { noRecord } from '../../common/errors.js';
import { type Settings, SETTINGS } from '../../config/settings.js';
import type { CertificateRow } from '../../credentials/credential.table.js';
import { requirePolicy } from '../../credentials/new-credential.js';
import type { CredentialOwner } from '../../credentials/state-refusals.rules.js';
import { constraintDetail } from '../../database/database-error.js';
import { Database } from '../../database/database.js';
import { readCertificateToChange } from '../certificate-changes.js';
import { ownerOf } from '../certificate-row.js';
import { CertificateTrust } from '../certificate-trust.service.js';
import { readCreationContext } from '../creation-context.js';
import { EvidenceAllowances, type EvidenceAllowance } from '../evidence-allowance.js';
import { CertificateRenewals } from '../logins/certificate-renewals.js';
import { aboutLogin, type Login, UNKNOWN_LOGIN } from '../logins/known-login.js';
import { decideLogin } from '../logins/login-decision.rules.js';
import type { ExplainCertificateDto } from './explain.dto.js';
import { FIND_HOLDER, READ_POLICY_TO_EXPLAIN } from './explain.queries.js';
import { type Evaluated, explanationOf } from './explanation-of.js';
import type { ExplanationResource } from './explanation-resource.js';
import { type Explained, explainedLogin, explainUpload } from './explanation.rules.js';

interface ExplainPath {
  readonly clientExtId: string;
  /** Present for E3. */
  readonly userExtId?: string | undefined;
}

/** What one explanation is about. */
interface Question {
  readonly caller: Caller;
  readonly clientExtId: string;
  readonly userExtId: string | undefined;
  readonly sent: ExplainCertificateDto;
  /** The credential that has the certificate. */
  readonly holder: CertificateRow | undefined;
  readonly now: Date;
  readonly allowance: EvidenceAllowance;
}

type Answer = Explained &
  Pick<Evaluated, 'userExtId' | 'policyExtId' | 'policy'> & { readonly renews?: string | undefined };

/** The fields of nobody: a rule about the user does not pass. */
const NOBODY: CredentialOwner = { state: 'active', extId: '', loginId: '' };

/** A policy that changes while it is evaluated is evaluated again, once. */
const ATTEMPTS = 2;

/** E1 and E3: changes nothing (contract 14). */
@Injectable()
export class ExplainService {
  constructor(
    private readonly database: Database,
    private readonly trust: CertificateTrust,
    private readonly renewals: CertificateRenewals,
    private readonly allowances: EvidenceAllowances,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async explain(caller: Caller, path: ExplainPath, sent: ExplainCertificateDto): Promise<ExplanationResource> {
    refuseAdministeredMembers(caller, sent, ['policyExtId']);
    const { clientExtId } = path;
    const { certificate, purpose = 'upload' } = sent;
    const holder = await FIND_HOLDER.first(this.database, { clientExtId, sha256: certificate.sha256 });
    const userExtId = path.userExtId ?? sent.userExtId ?? (caller.mode === 'selfAdmin' ? undefined : holder?.userExtId);
    const now = sent.at ?? caller.now;
    const allowance = this.allowances.forQuestion(caller, now);
    const question: Question = { caller, clientExtId, userExtId, sent, holder, now, allowance };
    const answer = purpose === 'login' ? await this.login(question) : await this.upload(question);
    const notes = notesOf(question, answer);
    return explanationOf({ ...answer, mode: caller.mode, purpose, certificate, holder, now, notes });
  }

  private async upload(question: Question): Promise<Answer> {
    const { caller, clientExtId, sent, holder, now, userExtId, allowance } = question;
    const { certificate } = sent;
    const { fingerprintAlgorithm: fingerprints, maxCredentialsPerUser: maxCount } = this.settings;
    const { row, ...trust } = await this.trust.readAndEvaluate(
      clientExtId,
      { certificate, now, allowance },
      async () => await this.readContext(question),
    );
    const { mode } = caller;
    const [owner, count] = row.count === undefined ? [NOBODY, 0] : [ownerOf(row), row.count];
    const input = { mode, owner, now, certificate, count, maxCount, fingerprints, ...trust };
    const taken = holder === undefined ? [] : [constraintDetail('credentials_certificate_unique')];
    return { ...explainUpload(input, taken), userExtId, policyExtId: row.policyExtId, policy: trust.policy };
  }

  private async login(question: Question): Promise<Answer> {
    const { caller, clientExtId, sent, holder, now, allowance } = question;
    // Whether the client and the user exist, and whether the caller may ask.
    await this.readContext(question);
    if (holder === undefined) return await this.renewal(question);
    if (caller.mode === 'selfAdmin' && holder.userExtId !== question.userExtId) return answerOf(UNKNOWN_LOGIN);
    const { userExtId, extId } = holder;
    const { certificate, chain } = sent;
    const read = readCertificateToChange(caller, { clientExtId, userExtId, extId });
    const { row, ...trust } = await this.trust.readAndEvaluate(
      clientExtId,
      { certificate, presented: chain, now, allowance },
      async () => {
        const found = await read(this.database);
        if (found === undefined) throw noRecord();
        return found;
      },
    );
    const { fingerprintAlgorithm: fingerprints } = this.settings;
    const input = { certificate, credential: row, owner: ownerOf(row), now, fingerprints, ...trust };
    return { ...explainedLogin(decideLogin(input)), userExtId, policyExtId: row.policyExtId, policy: trust.policy };
  }

  /** Of a certificate that no credential has: what a login with it would do (contract 15.5). */
  private async renewal({ caller, clientExtId, userExtId, sent, now, allowance }: Question): Promise<Answer> {
    const { certificate, chain = [] } = sent;
    const question = { caller: { ...caller, now }, clientExtId, certificate, chain, allowance };
    const onlyOf = caller.mode === 'selfAdmin' ? userExtId : undefined;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const decided = await this.renewals.decide(question, onlyOf);
      if (decided !== undefined) return answerOf(decided.login);
    }
    throw evidenceUnavailable();
  }

  /** The policy and, if there is one, the user of an upload. */
  private async readContext({ caller, clientExtId, userExtId, sent, holder }: Question) {
    const isHolder = holder !== undefined && holder.userExtId === userExtId && caller.mode === 'administrator';
    const policyExtId = sent.policyExtId ?? (isHolder ? holder.policyExtId : undefined);
    if (userExtId !== undefined) {
      const row = await readCreationContext(this.database, caller, { clientExtId, userExtId }, policyExtId);
      if (row === undefined) throw noRecord();
      return row;
    }
    const parameters = { clientExtId, chosenPolicyExtId: policyExtId ?? null };
    const row = requirePolicy(await READ_POLICY_TO_EXPLAIN.first(this.database, parameters), 'CertificatePolicy');
    if (row === undefined) throw noRecord();
    return { ...row, count: undefined };
  }
}

function answerOf(login: Login): Answer {
  const { row, policy } = aboutLogin(login);
  const renews = 'renews' in login ? login.renews.extId : undefined;
  const { userExtId, policyExtId } = row ?? {};
  return { ...explainedLogin(login.decided), userExtId, policyExtId, policy, renews };
}

function notesOf(
  { sent, now, caller, allowance }: Question,
  { userExtId, renews }: Pick<Answer, 'userExtId' | 'renews'>,
): readonly string[] {
  const { purpose = 'upload', chain, policyExtId } = sent;
  const isLogin = purpose === 'login';
  const notes: readonly (readonly [boolean, string])[] = [
    [!isLogin && chain !== undefined, 'chain was ignored: an upload has the intermediates of the trust-anchor set.'],
    [isLogin && policyExtId !== undefined, 'policyExtId was ignored: a login has the policy of the credential.'],
    [renews !== undefined, `It is not registered: a login would put it into the credential ${renews}.`],
    [isLogin, 'Nothing was counted, and whether the client has the private key was not checked.'],
    [!isLogin && userExtId === undefined, 'No user was named, so that a rule about the user cannot pass.'],
    [now !== caller.now, 'Policy, trust-anchor set and user are those of now; only the time is another.'],
  ];
  const { note } = allowance;
  return [...notes.filter(([applies]) => applies).map(([, text]) => text), ...(note === undefined ? [] : [note])];
}
