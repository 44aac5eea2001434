import { randomUUID } from 'node:crypto';

import { decideCreate } from '../certificates/certificate-creation.rules.js';
import { type CertificateRow, type JudgesRow, ownerOf } from '../certificates/certificate-row.js';
import { certificateColumns, storeChange, storeNew } from '../certificates/certificate-store.js';
import { decideUpdate } from '../certificates/certificate-update.rules.js';
import { READ_CERTIFICATE_TO_CHANGE, READ_JUDGES } from '../certificates/certificate.queries.js';
import type { Caller } from '../common/actor.js';
import type { StatementRunner } from '../database/database.js';
import { readCertificatePolicy } from '../policies/certificate-policy.rules.js';
import { readPem } from '../x509/certificate/pem.js';
import { readCertificate } from '../x509/certificate/read-certificate.js';
import { CLIENT, type LAPTOP, type PHONE, USER } from './demo-world.js';

/** More certificates than the demo's user gets. */
const MOST = 100;

type DemoCredential = typeof LAPTOP | typeof PHONE;

/** Registers a certificate for the demo's user as X2 would: judged by its policy, with its line in the trail. */
export async function createCredential(
  runner: StatementRunner,
  caller: Caller,
  { extId, policyExtId }: DemoCredential,
  pem: string,
): Promise<void> {
  const [judges] = await runner.run<JudgesRow>(READ_JUDGES.administrator, [CLIENT.extId, USER.extId, policyExtId]);
  const certificate = parse(pem);
  const { mode, now } = caller;
  const decision = decideCreate({ ...circumstances(required(judges)), mode, now, certificate, count: 0, most: MOST });
  if (decision.kind === 'refused') throw new Error(`The demo's certificate ${extId} breaks its own policy.`);
  const row: CertificateRow = {
    ...decision.changes,
    ...certificateColumns(certificate),
    extId,
    userExtId: USER.extId,
    policyExtId,
    incarnation: randomUUID(),
    properties: null,
    lastSuccess: null,
    lastFailure: null,
    version: 1,
    created: now,
    lastModified: now,
  };
  const judgedBy = { ...required(judges), policyExtId };
  required(await storeNew(runner, caller, CLIENT.extId, judgedBy, row, { ...decision, certificate }, MOST));
}

/** Gives a credential another comment, as X4 would. */
export async function commentCredential(
  runner: StatementRunner,
  caller: Caller,
  { extId }: DemoCredential,
  modificationComment: string,
): Promise<void> {
  const values = [CLIENT.extId, extId, USER.extId];
  const judged = required(
    (await runner.run<CertificateRow & JudgesRow>(READ_CERTIFICATE_TO_CHANGE.administrator, values))[0],
  );
  const { mode, now } = caller;
  const decision = decideUpdate({
    ...circumstances(judged),
    mode,
    now,
    credential: judged,
    patch: { modificationComment },
  });
  if (decision.kind !== 'changed') throw new Error(`The demo's credential ${extId} could not be changed.`);
  const path = { clientExtId: CLIENT.extId, userExtId: USER.extId, extId };
  required(await storeChange(runner, caller, path, judged, decision));
}

function circumstances(judges: JudgesRow) {
  const { policy } = readCertificatePolicy(
    JSON.parse(required(judges.policyParameters ?? undefined)) as Record<string, string>,
  );
  return { owner: ownerOf(USER.extId, judges), policy: required(policy) };
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
