import { randomUUID } from 'node:crypto';

import { decideCreate } from '../certificates/certificate-creation.rules.js';
import { type OwnerAndPolicyRow, ownerOf } from '../certificates/certificate-row.js';
import { certificateColumns, storeChange, storeNew } from '../certificates/certificate-store.js';
import { decideUpdate } from '../certificates/certificate-update.rules.js';
import { READ_CERTIFICATE_TO_CHANGE, READ_OWNER_AND_POLICY } from '../certificates/certificate.queries.js';
import type { Caller } from '../common/actor.js';
import type { CertificateRow } from '../credentials/credential.table.js';
import type { StatementRunner } from '../database/database.js';
import { readCertificatePolicy } from '../policies/certificate-policy.rules.js';
import { readPem } from '../x509/certificate/pem.js';
import { readCertificate } from '../x509/certificate/read-certificate.js';
import { CLIENT, type LAPTOP, type PHONE, USER } from './demo-data.js';

/** More certificates than the demo's user gets. */
const MAX_COUNT = 100;

type DemoCredential = typeof LAPTOP | typeof PHONE;

/** Registers a certificate for the demo's user as X2 would: evaluated by its policy, with its audit event. */
export async function createCredential(
  runner: StatementRunner,
  caller: Caller,
  { extId, policyExtId }: DemoCredential,
  pem: string,
): Promise<void> {
  const parameters = { clientExtId: CLIENT.extId, userExtId: USER.extId, chosenPolicyExtId: policyExtId };
  const evaluated = required(await READ_OWNER_AND_POLICY.administrator.first(runner, parameters));
  if (evaluated.policyExtId === null) throw new Error(`The policy of the demo's certificate ${extId} is missing.`);
  const certificate = parse(pem);
  const { mode, now } = caller;
  const decision = decideCreate({
    ...evaluationInput(evaluated),
    mode,
    now,
    certificate,
    count: 0,
    maxCount: MAX_COUNT,
  });
  if (decision.kind === 'refused') throw new Error(`The demo's certificate ${extId} breaks its own policy.`);
  const row: CertificateRow = {
    ...decision.changes,
    ...certificateColumns(certificate),
    extId,
    userExtId: USER.extId,
    policyExtId,
    generation: randomUUID(),
    properties: null,
    lastSuccess: null,
    lastFailure: null,
    version: 1,
    created: now,
    lastModified: now,
  };
  const { changed } = decision;
  required(await storeNew(runner, caller, CLIENT.extId, evaluated, { row, certificate, changed, maxCount: MAX_COUNT }));
}

/** Gives a credential another comment, as X4 would. */
export async function commentCredential(
  runner: StatementRunner,
  caller: Caller,
  { extId }: DemoCredential,
  modificationComment: string,
): Promise<void> {
  const path = { clientExtId: CLIENT.extId, userExtId: USER.extId, extId };
  const evaluated = required(await READ_CERTIFICATE_TO_CHANGE.administrator.first(runner, path));
  if (evaluated.extId === null) throw new Error(`The demo's credential ${extId} is missing.`);
  const { mode, now } = caller;
  const decision = decideUpdate({
    ...evaluationInput(evaluated),
    mode,
    now,
    credential: evaluated,
    patch: { modificationComment },
  });
  if (decision.kind !== 'changed') throw new Error(`The demo's credential ${extId} could not be changed.`);
  required(await storeChange(runner, caller, CLIENT.extId, evaluated, decision));
}

function evaluationInput(evaluated: OwnerAndPolicyRow) {
  const { policy } = readCertificatePolicy(JSON.parse(evaluated.policyParameters) as Record<string, string>);
  return { owner: ownerOf(evaluated), policy: required(policy) };
}

function parse(pem: string) {
  const block = readPem(pem);
  const read = block.ok ? readCertificate(block.der) : block;
  if (!read.ok) throw new Error(read.message);
  return read.certificate;
}

/** Nobody else writes in this transaction: whatever is missing here is a defect of the demo. */
function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('The demo could not be made.');
  return value;
}
