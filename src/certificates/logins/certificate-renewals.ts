import { Inject, Injectable } from '@nestjs/common';

import { auditEvent } from '../../audit/change-with-audit-event.js';
import { AppError } from '../../common/errors.js';
import { type Settings, SETTINGS } from '../../config/settings.js';
import { changedMembers } from '../../credentials/changed-members.rules.js';
import { locksOfCredentialAndPolicy } from '../../credentials/credential-locks.js';
import { Database, type StatementRunner } from '../../database/database.js';
import { lockInOrder } from '../../database/locks.js';
import { PoliciesService } from '../../policies/policies.service.js';
import { readCertificate } from '../../x509/certificate/read-certificate.js';
import { denialOf } from '../certificate-denial.rules.js';
import { ownerOf } from '../certificate-row.js';
import { certificateColumns, certificateEvent, searchedOnly } from '../certificate-store.js';
import { CertificateTrust, type GatheredTrust } from '../certificate-trust.service.js';
import { searchColumns } from '../search-columns.js';
import { type Login, type LoginQuestion, type RenewingLogin, UNKNOWN_LOGIN } from './known-login.js';
import { loginEvent } from './login-counting.js';
import { decideLogin } from './login-decision.rules.js';
import { READ_RENEWED, RENEW_CERTIFICATE, type RenewedRow } from './renewal.queries.js';
import { decidedRenewal, findRenewed, notRenewing, renewalRemedy, renewedState } from './renewal.rules.js';

/** A decision, with the evidence that a second one needs. */
interface Decided {
  readonly login: Login;
  readonly gathered: GatheredTrust;
}

/** Logins with a certificate that no credential has, and that may replace a stored one (contract 15.5). */
@Injectable()
export class CertificateRenewals {
  constructor(
    private readonly database: Database,
    private readonly trust: CertificateTrust,
    private readonly policies: PoliciesService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Writes nothing. Undefined if a credential has it meanwhile, or if the policy changed while the evidence was gathered.
   * `onlyOf`: of the credentials of anybody else, the decision says nothing.
   */
  async decide(question: LoginQuestion, onlyOf?: string): Promise<Decided | undefined> {
    const { certificate, clientExtId, caller, allowance } = question;
    const row = await this.find(this.database, question, onlyOf);
    if (row === undefined) return undefined;
    if ('decided' in row) return { login: row, gathered: undefined };
    // Without the intermediates of the client, as an upload: a login is no way around the trust-anchor set.
    const asked = { certificate, row, now: caller.now, allowance };
    const gathered = await this.trust.gather(clientExtId, asked);
    const login = this.evaluate(question, row, gathered);
    return login && { login, gathered };
  }

  /** Replaces the certificate and counts the login. Undefined if what was read has changed and cannot be decided again. */
  async store(question: LoginQuestion, login: RenewingLogin, gathered: GatheredTrust): Promise<Login | undefined> {
    const { clientExtId } = question;
    const { extId, userExtId } = login.renews;
    try {
      if (await renew(this.database, question, login)) return login;
      return await this.database.transaction(clientExtId, async (runner) => {
        await lockInOrder(
          runner,
          locksOfCredentialAndPolicy({ clientExtId, userExtId }, () => extId),
        );
        const row = await this.find(runner, question);
        // Another login may have renewed it, or another credential may be the only one now.
        if (row === undefined || 'decided' in row || row.extId !== extId) return undefined;
        const locked = this.evaluate(question, row, gathered);
        if (locked === undefined || !('renews' in locked)) return locked;
        return (await renew(runner, question, locked)) ? locked : undefined;
      });
    } catch (error) {
      // It has been registered meanwhile.
      if (error instanceof AppError && error.code === 'errors.certificateExists') return undefined;
      throw error;
    }
  }

  /** Undefined if a credential has the certificate by now. */
  private async find(
    runner: StatementRunner,
    question: LoginQuestion,
    onlyOf?: string,
  ): Promise<RenewedRow | Login | undefined> {
    const { caller, clientExtId, certificate } = question;
    const { subjectNameSha256, issuerNameSha256 } = searchColumns(certificate);
    if (subjectNameSha256 === null || issuerNameSha256 === null) return UNKNOWN_LOGIN;
    const { now } = caller;
    const rows = await READ_RENEWED.all(runner, { clientExtId, subjectNameSha256, issuerNameSha256, now });
    if (rows.some(({ sha256 }) => sha256.equals(certificate.sha256))) return undefined;
    const isOthers = rows.some(({ userExtId, hasOtherUsers }) => userExtId !== onlyOf || hasOtherUsers);
    if (onlyOf !== undefined && isOthers) return UNKNOWN_LOGIN;
    const candidates = rows.flatMap((credential) => {
      const reading = readCertificate(credential.der);
      const { hasOtherUsers } = credential;
      return reading.ok ? [{ credential, certificate: reading.certificate, hasOtherUsers }] : [];
    });
    // One that cannot be read could be another one with the same names.
    const found = findRenewed(certificate, candidates.length === rows.length ? candidates : [], now);
    if (!('credential' in found)) return { decided: found, known: undefined };
    const { credential: row } = found;
    const policy = this.policies.certificatePolicy(clientExtId, row.policyParameters);
    const remedy = renewalRemedy(policy, certificate);
    if (remedy === undefined) return row;
    return { decided: notRenewing(remedy), known: undefined, notRenewed: { row, policy } };
  }

  private evaluate(question: LoginQuestion, stored: RenewedRow, gathered: GatheredTrust): Login | undefined {
    const { caller, clientExtId, certificate } = question;
    const { now } = caller;
    const evaluated = this.trust.evaluate(clientExtId, { certificate, row: stored }, gathered);
    if (evaluated === undefined) return undefined;
    const state = renewedState(stored, certificate, evaluated.policy, now);
    const row = { ...state, ...certificateColumns(certificate) };
    const { fingerprintAlgorithm: fingerprints } = this.settings;
    const input = { certificate, credential: row, owner: ownerOf(row), now, fingerprints, ...evaluated };
    const decided = decidedRenewal(decideLogin(input));
    const { policy } = evaluated;
    if (decided.outcome !== 'ok') return { decided, known: undefined, notRenewed: { row: stored, policy } };
    return { decided, known: { ...evaluated, row }, renews: stored };
  }
}

/** False if the credential, its user or its policy was changed since they were read. */
async function renew(runner: StatementRunner, question: LoginQuestion, login: RenewingLogin): Promise<boolean> {
  const { caller, clientExtId, certificate } = question;
  const { renews: evaluated } = login;
  const { now } = caller;
  const row = { ...evaluated, ...login.known.row, ...certificateColumns(certificate) };
  const changed = ['certificate', ...changedMembers(evaluated, row, now)];
  const event = auditEvent(caller, certificateEvent({ before: evaluated, row, changed, now }, certificate));
  const loggedIn = loginEvent(question, row, { succeeded: true, counted: undefined });
  const next = { ...row, ...searchedOnly(certificate) };
  const denied = denialOf(evaluated);
  const parameters = { clientExtId, now, evaluated, next, event, login: loggedIn, denied };
  return (await RENEW_CERTIFICATE.first(runner, parameters)) !== undefined;
}
