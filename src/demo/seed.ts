import { randomUUID } from 'node:crypto';

import { AuditLogService } from '../audit/audit-log.service.js';
import type { AuditEventResource } from '../audit/event-resource.js';
import { CertificateCreationService } from '../certificates/certificate-creation.service.js';
import { CertificateUpdateService } from '../certificates/certificate-update.service.js';
import { ClientCreationService } from '../clients/client-creation.service.js';
import { ClientsService } from '../clients/clients.service.js';
import type { Caller } from '../common/actor.js';
import type { PageBody } from '../common/page.js';
import { PERMISSIONS } from '../common/permission.js';
import { PasswordCreationService } from '../passwords/password-creation.service.js';
import { PolicyCreationService } from '../policies/policy-creation.service.js';
import { TrustSetCreationService } from '../trust/trust-set-creation.service.js';
import { UserCreationService } from '../users/user-creation.service.js';
import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { readPem } from '../x509/certificate/pem.js';
import { readCertificate } from '../x509/certificate/read-certificate.js';
import type { DemoAuthority } from './demo-certificates.js';
import { ADMINISTRATOR, CLIENT, LAPTOP, PHONE, STRICT, TABLET, TOLERANT, TRUST_SET, USER } from './demo-data.js';

/** The application that is being started. */
export interface Application {
  get<Service>(type: abstract new (...parameters: never[]) => Service): Service;
}

/** A call of a service, and the audit event that shows that the call was made. */
interface Step {
  readonly event: Pick<AuditEventResource, 'action' | 'kind'> & { readonly extId?: string };
  readonly make: () => Promise<unknown>;
}

/** The actor in the audit events of the demo. */
export function demoCaller(now: Date): Caller {
  return {
    actor: { userExtId: 'demo', clientExtId: CLIENT.extId, permissions: new Set(PERMISSIONS), dataRoom: 'all' },
    mode: 'administrator',
    xToken: undefined,
    now,
    requestId: randomUUID(),
  };
}

/**
 * Fills an empty database through the services, as the routes would. If a start is interrupted, the next one reads in
 * the audit log what exists already and creates the rest. Nobody else can have changed anything in between, because the
 * server listens only when the demo is complete. A complete demo that was deleted is not created again.
 */
export async function seedDemo(
  app: Application,
  authority: Pick<DemoAuthority, 'bad' | 'good' | 'root'>,
  password: string,
  caller: Caller,
): Promise<void> {
  const steps = demoSteps(app, authority, password, caller);
  const auditLog = app.get(AuditLogService);
  // Every start runs this query, so it asks for the resource, which has an index.
  const last = await eventsOf(auditLog, caller, { extId: LAPTOP.extId, action: 'changed' });
  if (last.items.length > 0) return;
  const { items: made, _pagination: page } = await eventsOf(auditLog, caller, {});
  // If events were dropped, the database is not new, and the rest does not show what was created.
  if (page.heldFrom !== undefined) return;
  if (made.length === 0 && (await hasClient(app, caller))) return;
  for (const { event, make } of steps) {
    const isMade = made.some(
      ({ action, kind, extId }) => action === event.action && kind === event.kind && extId === (event.extId ?? extId),
    );
    if (!isMade) await make();
  }
}

function demoSteps(
  app: Application,
  authority: Pick<DemoAuthority, 'bad' | 'good' | 'root'>,
  password: string,
  caller: Caller,
): readonly Step[] {
  const client = CLIENT.extId;
  const user = { clientExtId: client, userExtId: USER.extId };
  return [
    created('client', client, async () => {
      const remarks = 'Made by the first start, to be tried out';
      await app.get(ClientCreationService).create(caller, { ...CLIENT, remarks });
    }),
    created('trustAnchorSet', TRUST_SET.extId, async () => {
      const anchors = [parse(await authority.root())];
      await app.get(TrustSetCreationService).create(caller, client, { ...TRUST_SET, anchors });
    }),
    ...[TOLERANT, STRICT].map((policy) =>
      created('policy', policy.extId, async () => {
        const sent = { ...policy, policyType: 'CertificatePolicy', name: policy.extId } as const;
        await app.get(PolicyCreationService).create(caller, client, sent);
      }),
    ),
    ...[ADMINISTRATOR, USER].map((person) =>
      created('user', person.extId, async () => {
        await app.get(UserCreationService).create(caller, client, { ...person, loginId: person.extId });
      }),
    ),
    ...[LAPTOP, PHONE, TABLET].map(({ extId, policyExtId }) =>
      created('certificate', extId, async () => {
        const certificate = parse(await (extId === TABLET.extId ? authority.bad() : authority.good('Jane Doe')));
        await app.get(CertificateCreationService).create(caller, user, { extId, policyExtId, certificate }, false);
      }),
    ),
    created('password', undefined, async () => {
      await app.get(PasswordCreationService).create(caller, user, { password });
    }),
    {
      // Creates version 2, so that version 1 is stale in whatever order the commands of the demo are used.
      event: { action: 'changed', kind: 'certificate', extId: LAPTOP.extId },
      make: async () => {
        const patch = { modificationComment: 'Made by the first start', version: 1 };
        const path = { ...user, extId: LAPTOP.extId };
        await app.get(CertificateUpdateService).update(caller, path, { patch, ifMatch: undefined, dryRun: false });
      },
    },
  ];
}

function created(kind: string, extId: string | undefined, make: Step['make']): Step {
  return { event: { action: 'created', kind, ...(extId === undefined ? {} : { extId }) }, make };
}

async function eventsOf(
  auditLog: AuditLogService,
  caller: Caller,
  { extId, action }: { readonly extId?: string; readonly action?: string },
): Promise<PageBody<AuditEventResource>> {
  const { pieces } = await auditLog.list(caller, CLIENT.extId, {
    page: { limit: 100, after: undefined, countTotal: false },
    order: 'asc',
    actor: caller.actor.userExtId,
    action,
    kind: undefined,
    userExtId: undefined,
    extId,
    from: undefined,
    to: undefined,
  });
  return JSON.parse([...pieces].join('')) as PageBody<AuditEventResource>;
}

async function hasClient(app: Application, caller: Caller): Promise<boolean> {
  const clients = await app.get(ClientsService).list(caller, { limit: 1, after: undefined, countTotal: false });
  return !clients.isEmpty;
}

function parse(pem: string): DerCertificate {
  const block = readPem(pem);
  const read = block.ok ? readCertificate(block.der) : block;
  if (!read.ok) throw new Error(read.message);
  return read.certificate;
}
