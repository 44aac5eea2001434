import type { ErrorCode } from '../common/errors.js';

export const AUDIT_KINDS = ['client', 'user', 'policy', 'certificate', 'password', 'keyStore'] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

export const AUDIT_ACTIONS = [
  'created',
  'changed',
  'archived',
  'deleted',
  'loggedIn',
  'loginFailed',
  'refused',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** What happened to which resource (contract 10.1, 10.3). `auditEvent` adds the actor and the time. */
export interface AuditEvent {
  readonly action: AuditAction;
  readonly kind: AuditKind;
  readonly extId: string;
  readonly userExtId?: string | undefined;
  /** The generation of the resource: when an extId is reused, a new generation begins. */
  readonly generation?: string | undefined;
  /** The contract members that changed. */
  readonly changed?: readonly string[] | undefined;
  /** The resource after the change, without the members that have their own columns: certificate, version and times. */
  readonly after?: object | undefined;
  readonly sha256?: Buffer | undefined;
  /** Set only if the certificate differs from that of the previous version. */
  readonly der?: Buffer | undefined;
  readonly reason?: string | undefined;
  readonly comment?: string | null | undefined;
  /** The error code of a refusal. */
  readonly code?: ErrorCode | undefined;
}
