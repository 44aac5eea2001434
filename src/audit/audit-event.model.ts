import type { ErrorCode } from '../common/errors.js';
import type { Changes } from './changes.rules.js';

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

/** What happened to which resource (contract 10.1, 10.3); who did it, and when, is added by `auditEvent`. */
export interface AuditEvent {
  readonly action: AuditAction;
  readonly kind: AuditKind;
  readonly extId: string;
  readonly userExtId?: string | undefined;
  /** The generation of the resource: an extId that is used again begins another one. */
  readonly generation?: string | undefined;
  /** Contract members that are different now, with their values (`changesOf`). */
  readonly changes?: Changes | undefined;
  /** The resource as it now is, without its certificate, version and times, which have columns. */
  readonly after?: object | undefined;
  readonly sha256?: Buffer | undefined;
  /** Only where the certificate is another one than in the version before. */
  readonly der?: Buffer | undefined;
  readonly reason?: string | undefined;
  readonly comment?: string | null | undefined;
  /** The error code of a refusal. */
  readonly code?: ErrorCode | undefined;
}
