import { Inject, Injectable } from '@nestjs/common';

import { auditEvent } from '../../audit/change-with-audit-event.js';
import { evidenceUnavailable } from '../../audit/guarded-change.js';
import { type Caller, mayAlso } from '../../common/actor.js';
import { noRecord } from '../../common/errors.js';
import { formatInstant } from '../../common/instant.js';
import { type Settings, SETTINGS } from '../../config/settings.js';
import { credentialMembers } from '../../credentials/credential-resource.js';
import type { LockState } from '../../credentials/credential-state.rules.js';
import { LOCK_CREDENTIAL } from '../../credentials/credential.queries.js';
import { COUNT_LOGIN, NOTE_LOGIN } from '../../credentials/login.queries.js';
import { afterFailure, afterSuccess } from '../../credentials/login.rules.js';
import { Database, type StatementRunner } from '../../database/database.js';
import { denialIf } from '../../denials/denial.model.js';
import type { DerCertificate } from '../../x509/certificate/der-certificate.js';
import { denialOf } from '../certificate-denial.rules.js';
import { ownerOf } from '../certificate-row.js';
import { CertificateTrust, type GatheredTrust, type PolicyAndTrust } from '../certificate-trust.service.js';
import { type EvidenceAllowance, EvidenceAllowances } from '../evidence-allowance.js';
import { explanationOf } from '../explanation/explanation-of.js';
import type { ExplanationResource } from '../explanation/explanation-resource.js';
import { explainedLogin } from '../explanation/explanation.rules.js';
import { CertificateSearchService } from '../finding/certificate-search.service.js';
import type { CertificateLoginResource } from './certificate-login-resource.js';
import { COUNT_SUCCESS, READ_CERTIFICATE_LOGIN } from './certificate-login.queries.js';
import { type DecidedLogin, decideLogin, UNKNOWN_CERTIFICATE } from './login-decision.rules.js';
import { LoginRefusals } from './login-refusals.js';
import { usableUntil } from './usable-until.rules.js';

/** Whatever it came from: a body, a header or a TLS connection. */
export interface PresentedCertificate {
  readonly certificate: DerCertificate;
  /** Completes paths; never decides whose login it is. */
  readonly chain: readonly DerCertificate[];
}

/** What a gateway that decides by status is told of a login that is possible (contract 15.9). */
export interface UsableLogin {
  readonly userExtId: string;
  readonly extId: string;
  readonly usableUntil: Date;
}

/** Rows that change while their evidence is gathered are read again. */
const ATTEMPTS = 3;

interface Question extends PresentedCertificate {
  readonly caller: Caller;
  readonly clientExtId: string;
  readonly allowance: EvidenceAllowance;
}

type ReadLogin = NonNullable<Awaited<ReturnType<typeof READ_CERTIFICATE_LOGIN.first>>>;
type LoginRow = Extract<ReadLogin, { readonly extId: string }>;

interface KnownLogin {
  readonly decided: DecidedLogin;
  readonly known: PolicyAndTrust & { readonly row: LoginRow };
}

/** `known` is undefined if no credential has the certificate. */
type Login = KnownLogin | { readonly decided: DecidedLogin; readonly known: undefined };

const UNKNOWN: Login = { decided: UNKNOWN_CERTIFICATE, known: undefined };

/** L10 and L12: logins with certificates (contract 15). */
@Injectable()
export class CertificateLoginService {
  constructor(
    private readonly database: Database,
    private readonly trust: CertificateTrust,
    private readonly allowances: EvidenceAllowances,
    private readonly refusals: LoginRefusals,
    private readonly searches: CertificateSearchService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async logIn(caller: Caller, clientExtId: string, presented: PresentedCertificate): Promise<CertificateLoginResource> {
    const question = this.questionOf(caller, clientExtId, presented);
    const login = await this.attempt(question, async (read, gathered) => await this.count(question, read, gathered));
    const { decided, known } = login;
    if (decided.outcome === 'ok' && known !== undefined) {
      const { userExtId, extId, policyExtId, stateName, validity } = credentialMembers(known.row, caller.now);
      const until = formatInstant(untilOf(question, known));
      return { outcome: 'ok', userExtId, extId, clientExtId, policyExtId, stateName, validity, usableUntil: until };
    }
    return await this.refused(question, login);
  }

  /** Undefined if a login is not possible, or without a certificate. Writes and counts nothing. */
  async check(
    caller: Caller,
    clientExtId: string,
    presented: PresentedCertificate | undefined,
  ): Promise<UsableLogin | undefined> {
    if (presented === undefined) {
      await this.searches.requireClient(clientExtId);
      return undefined;
    }
    const question = this.questionOf(caller, clientExtId, presented);
    const { decided, known } = await this.attempt(question, (read) => Promise.resolve(read));
    if (decided.outcome !== 'ok' || known === undefined) return undefined;
    const { userExtId, extId } = known.row;
    return { userExtId, extId, usableUntil: untilOf(question, known) };
  }

  private questionOf(caller: Caller, clientExtId: string, { certificate, chain }: PresentedCertificate): Question {
    return { caller, clientExtId, certificate, chain, allowance: this.allowances.forChange(caller, false) };
  }

  /** `finish` returns undefined if what was read has changed meanwhile. */
  private async attempt(
    question: Question,
    finish: (login: Login, gathered: GatheredTrust) => Promise<Login | undefined>,
  ): Promise<Login> {
    const { caller, clientExtId, certificate, chain, allowance } = question;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const row = await this.read(this.database, clientExtId, certificate.sha256);
      if (row === undefined) return UNKNOWN;
      const asked = { certificate, row, presented: chain, now: caller.now, allowance };
      const gathered = await this.trust.gather(clientExtId, asked);
      const login = this.decide(question, row, gathered);
      const finished = login && (await finish(login, gathered));
      if (finished !== undefined) return finished;
    }
    throw evidenceUnavailable();
  }

  /** Undefined if no credential has the certificate. */
  private async read(runner: StatementRunner, clientExtId: string, sha256: Buffer): Promise<LoginRow | undefined> {
    const row = await READ_CERTIFICATE_LOGIN.first(runner, { clientExtId, sha256 });
    if (row === undefined) throw noRecord();
    return row.extId === null ? undefined : row;
  }

  /** Undefined if the evidence was gathered for another version of the policy. */
  private decide({ caller, certificate }: Question, row: LoginRow, gathered: GatheredTrust): KnownLogin | undefined {
    const evaluated = this.trust.evaluate({ certificate, row }, gathered);
    if (evaluated === undefined) return undefined;
    const { fingerprintAlgorithm: fingerprints } = this.settings;
    const { now } = caller;
    const decided = decideLogin({ certificate, credential: row, owner: ownerOf(row), now, fingerprints, ...evaluated });
    return { decided, known: { ...evaluated, row } };
  }

  /**
   * A success is one statement. A failure that counts depends on the counters: the row stays locked from reading them to
   * changing them. So does a success if the credential was changed meanwhile, which may be none any more.
   */
  private async count(question: Question, login: Login, gathered: GatheredTrust): Promise<Login | undefined> {
    const { clientExtId, certificate } = question;
    if (login.known === undefined) return login;
    const { decided, known } = login;
    if (decided.outcome !== 'ok' && !decided.counts) {
      await note(this.database, question, login);
      return login;
    }
    if (decided.outcome === 'ok' && (await countSuccess(this.database, question, known.row))) return login;
    return await this.database.transaction(clientExtId, async (runner) => {
      await LOCK_CREDENTIAL.all(runner, { clientExtId, extId: known.row.extId });
      const row = await this.read(runner, clientExtId, certificate.sha256);
      if (row === undefined) return UNKNOWN;
      // It was deleted, and registered again as another credential, which is not locked.
      if (row.extId !== known.row.extId) return undefined;
      const locked = this.decide(question, row, gathered);
      if (locked !== undefined) await note(runner, question, locked);
      return locked;
    });
  }

  private async refused(question: Question, login: Login): Promise<CertificateLoginResource> {
    const { caller, clientExtId, certificate } = question;
    const { outcome, cause = outcome } = login.decided;
    const explanation = explanationFor(question, login);
    const subject = login.known?.row.generation ?? certificate.sha256.toString('hex');
    const reference = await this.refusals.store(clientExtId, { subject, cause }, explanation, caller.now);
    const isShown = mayAlso(caller, clientExtId, 'CredentialView');
    return { outcome, reference, explanation: isShown ? explanation : undefined };
  }
}

function untilOf({ certificate }: Question, { row, ...trust }: KnownLogin['known']): Date {
  return usableUntil({ certificate, credential: row, owner: ownerOf(row), ...trust });
}

function explanationFor({ certificate, caller, allowance }: Question, { decided, known }: Login): ExplanationResource {
  const { row, policy } = known ?? {};
  return explanationOf({
    ...explainedLogin(decided),
    // As somebody who may read credentials sees it.
    mode: 'administrator',
    purpose: 'login',
    certificate,
    userExtId: row?.userExtId,
    policyExtId: row?.policyExtId,
    policy,
    holder: row,
    now: caller.now,
    notes: allowance.note === undefined ? [] : [allowance.note],
  });
}

/** False if the credential was changed, locked or unlocked since it was read. */
async function countSuccess(runner: StatementRunner, question: Question, row: LoginRow): Promise<boolean> {
  const { now } = question.caller;
  const counted = afterSuccess(row, now);
  if (counted === undefined) return false;
  const { clientExtId } = question;
  const { extId, version, lock, lockedUntil, generation } = row;
  const { successes: _, ...cleared } = counted;
  const event = loginEvent(question, row, { succeeded: true, counted });
  const evaluated = { extId, version, lock, lockedUntil };
  const parameters = { clientExtId, now, generation, ...cleared, evaluated, event };
  return (await COUNT_SUCCESS.first(runner, parameters)) !== undefined;
}

/** Counts the login if it counts, and writes its audit event. What counts is changed only in a row that is locked. */
async function note(runner: StatementRunner, question: Question, { decided, known }: KnownLogin): Promise<void> {
  const { clientExtId } = question;
  const { now } = question.caller;
  const { row, policy } = known;
  const succeeded = decided.outcome === 'ok';
  const failed = decided.counts ? afterFailure(row, policy.locking, now) : undefined;
  const counted = succeeded ? afterSuccess(row, now) : failed;
  const event = loginEvent(question, row, { succeeded, counted });
  if (counted === undefined) {
    await NOTE_LOGIN.all(runner, { clientExtId, now, event });
    return;
  }
  const times = { lastSuccess: succeeded ? now : null, lastFailure: succeeded ? null : now };
  // Failures deny nothing until they lock.
  const denied = denialIf(counted.lock !== null, denialOf(question.certificate));
  await COUNT_LOGIN.all(runner, { clientExtId, extId: row.extId, now, ...times, ...counted, event, denied });
}

function loginEvent(
  { caller }: Question,
  { extId, userExtId, generation }: LoginRow,
  { succeeded, counted }: { readonly succeeded: boolean; readonly counted: LockState | undefined },
) {
  return auditEvent(caller, {
    action: succeeded ? 'loggedIn' : 'loginFailed',
    kind: 'certificate',
    extId,
    userExtId,
    generation,
    // The reason of the lock that this failure caused.
    reason: counted?.lockReason ?? undefined,
  });
}
