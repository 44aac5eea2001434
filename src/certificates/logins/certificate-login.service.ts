import { Inject, Injectable } from '@nestjs/common';

import { evidenceUnavailable } from '../../audit/guarded-change.js';
import { type Caller, mayAlso } from '../../common/actor.js';
import { noRecord } from '../../common/errors.js';
import { formatInstant } from '../../common/instant.js';
import { type Settings, SETTINGS } from '../../config/settings.js';
import { credentialMembers } from '../../credentials/credential-resource.js';
import { Database, type StatementRunner } from '../../database/database.js';
import { ownerOf } from '../certificate-row.js';
import { CertificateTrust, type GatheredTrust } from '../certificate-trust.service.js';
import { EvidenceAllowances } from '../evidence-allowance.js';
import { explanationOf } from '../explanation/explanation-of.js';
import type { ExplanationResource } from '../explanation/explanation-resource.js';
import { explainedLogin } from '../explanation/explanation.rules.js';
import { CertificateSearchService } from '../finding/certificate-search.service.js';
import type { CertificateLoginResource } from './certificate-login-resource.js';
import { READ_CERTIFICATE_LOGIN } from './certificate-login.queries.js';
import { CertificateRenewals } from './certificate-renewals.js';
import {
  aboutLogin,
  type KnownLogin,
  type Login,
  type LoginQuestion,
  type LoginRow,
  type PresentedCertificate,
  UNKNOWN_LOGIN,
} from './known-login.js';
import { countSuccess, note } from './login-counting.js';
import { decideLogin } from './login-decision.rules.js';
import { LoginRefusals } from './login-refusals.js';
import { lockForRollover, readEnding } from './rollover.js';
import { usableUntil } from './usable-until.rules.js';

/** What a gateway that decides by status is told of a login that is possible (contract 15.9). */
export interface UsableLogin {
  readonly userExtId: string;
  readonly extId: string;
  readonly usableUntil: Date;
}

/** Rows that change while their evidence is gathered are read again. */
const ATTEMPTS = 3;

/** L10 and L12: logins with certificates (contract 15). */
@Injectable()
export class CertificateLoginService {
  constructor(
    private readonly database: Database,
    private readonly trust: CertificateTrust,
    private readonly allowances: EvidenceAllowances,
    private readonly refusals: LoginRefusals,
    private readonly renewals: CertificateRenewals,
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

  private questionOf(caller: Caller, clientExtId: string, { certificate, chain }: PresentedCertificate): LoginQuestion {
    return { caller, clientExtId, certificate, chain, allowance: this.allowances.forChange(caller, false) };
  }

  /** `finish` returns undefined if what was read has changed meanwhile. */
  private async attempt(
    question: LoginQuestion,
    finish: (login: Login, gathered: GatheredTrust) => Promise<Login | undefined>,
  ): Promise<Login> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const read = await this.readAndDecide(question);
      const finished = read && (await finish(read.login, read.gathered));
      if (finished !== undefined) return finished;
    }
    throw evidenceUnavailable();
  }

  /** Undefined if the policy changed while the evidence was gathered. */
  private async readAndDecide(question: LoginQuestion) {
    const { caller, clientExtId, certificate, chain, allowance } = question;
    const row = await this.read(this.database, clientExtId, certificate.sha256);
    if (row === undefined) return await this.renewals.decide(question);
    const asked = { certificate, row, presented: chain, now: caller.now, allowance };
    const gathered = await this.trust.gather(clientExtId, asked);
    const login = this.decide(question, row, gathered);
    return login && { login, gathered };
  }

  /** Undefined if no credential has the certificate. */
  private async read(runner: StatementRunner, clientExtId: string, sha256: Buffer): Promise<LoginRow | undefined> {
    const row = await READ_CERTIFICATE_LOGIN.first(runner, { clientExtId, sha256 });
    if (row === undefined) throw noRecord();
    return row.extId === null ? undefined : row;
  }

  /** Undefined if the evidence was gathered for another version of the policy. */
  private decide(
    { caller, clientExtId, certificate }: LoginQuestion,
    row: LoginRow,
    gathered: GatheredTrust,
  ): KnownLogin | undefined {
    const evaluated = this.trust.evaluate(clientExtId, { certificate, row }, gathered);
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
  private async count(question: LoginQuestion, login: Login, gathered: GatheredTrust): Promise<Login | undefined> {
    const { clientExtId, certificate } = question;
    if (login.known === undefined) return login;
    if ('renews' in login) return await this.renewals.store(question, login, gathered);
    const { decided, known } = login;
    if (decided.outcome !== 'ok' && !decided.counts) {
      await note(this.database, question, login);
      return login;
    }
    const ending = decided.outcome === 'ok' ? await readEnding(this.database, question, known) : undefined;
    if (decided.outcome === 'ok' && (await countSuccess(this.database, question, known.row, ending))) return login;
    return await this.database.transaction(clientExtId, async (runner) => {
      await lockForRollover(runner, clientExtId, known.row.extId, ending);
      const row = await this.read(runner, clientExtId, certificate.sha256);
      if (row === undefined) return UNKNOWN_LOGIN;
      // It was deleted, and registered again as another credential, which is not locked.
      if (row.extId !== known.row.extId) return undefined;
      const locked = this.decide(question, row, gathered);
      if (locked === undefined) return undefined;
      const ends = locked.decided.outcome === 'ok' ? await readEnding(runner, question, locked.known) : undefined;
      if (ends !== undefined) return (await countSuccess(runner, question, row, ends)) ? locked : undefined;
      await note(runner, question, locked);
      return locked;
    });
  }

  private async refused(question: LoginQuestion, login: Login): Promise<CertificateLoginResource> {
    const { caller, clientExtId, certificate } = question;
    const { outcome, cause = outcome } = login.decided;
    const explanation = explanationFor(question, login);
    const subject = login.known?.row.generation ?? certificate.sha256.toString('hex');
    const reference = await this.refusals.store(clientExtId, { subject, cause }, explanation, caller.now);
    const isShown = mayAlso(caller, clientExtId, 'CredentialView');
    return { outcome, reference, explanation: isShown ? explanation : undefined };
  }
}

function untilOf({ certificate }: LoginQuestion, { row, ...trust }: KnownLogin['known']): Date {
  return usableUntil({ certificate, credential: row, owner: ownerOf(row), ...trust });
}

function explanationFor({ certificate, caller, allowance }: LoginQuestion, login: Login): ExplanationResource {
  const { decided, known } = login;
  const { row, policy } = aboutLogin(login);
  return explanationOf({
    ...explainedLogin(decided),
    // As somebody who may read credentials sees it.
    mode: 'administrator',
    purpose: 'login',
    certificate,
    userExtId: row?.userExtId,
    policyExtId: row?.policyExtId,
    policy,
    holder: known?.row,
    now: caller.now,
    notes: allowance.note === undefined ? [] : [allowance.note],
  });
}
