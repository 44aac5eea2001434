import { SetMetadata } from '@nestjs/common';

import type { AuditedResource, AuditKind } from './audit-event.model.js';

const AUDITED_AS = 'certkeep:audited-as';

/**
 * The resource that the refusals of this route are recorded for (contract 10.1). Every route that writes has this
 * decorator or `NotAudited`. A refused creation is an event of the parent resource, since the new resource has no id yet.
 */
export function AuditedAs(kind: AuditKind, parameters: Partial<AuditedResource['parameters']>): MethodDecorator {
  const audited: AuditedResource = { kind, parameters: { client: 'clientExtId', ...parameters } };
  return SetMetadata(AUDITED_AS, audited);
}

/** For a route whose path has no client, so that its refusals belong to no audit log, or that changes nothing. */
export function NotAudited(): MethodDecorator {
  return SetMetadata(AUDITED_AS, null);
}

/** Null for a handler with `NotAudited`, undefined for one with neither decorator. */
export function auditedAs(handler: object): AuditedResource | null | undefined {
  return Reflect.getMetadata(AUDITED_AS, handler) as AuditedResource | null | undefined;
}
