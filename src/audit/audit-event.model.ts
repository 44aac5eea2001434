import type { ErrorCode } from '../common/errors.js';
import type { Changes } from './changes.rules.js';

export const AUDIT_KINDS = [
  'client',
  'user',
  'policy',
  'certificate',
  'password',
  'keyStore',
  'trustAnchorSet',
  'job',
] as const;
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

const refused = (also = '') => `A change or deletion of it was refused${also}.`;

/**
 * When each event is written, for docs/reference/audit-events.md, in Markdown. An action that a kind does not have here
 * cannot be written.
 */
export const AUDIT_EVENT_TEXTS = {
  client: {
    created: 'A client was created.',
    changed: 'A member of the client was changed.',
    deleted: 'The client was deleted, after everything in it; each of these has its own event before.',
    refused: refused(', or the creation of something in the client, which has no id yet'),
  },
  user: {
    created: 'A user was created.',
    changed: 'A member of the user was changed, by an administrator or by the user.',
    archived: 'The user was archived for good; each of their credentials has its own `deleted` event.',
    deleted: 'The user was deleted, or was in a client that was deleted.',
    loginFailed: 'Somebody tried to log in as a user who has no password.',
    refused: refused(', or the creation of one of their credentials, which has no id yet'),
  },
  policy: {
    created: 'A policy was created; for a new client, its two default policies.',
    changed: 'A member or a parameter was changed, or the policy lost the default flag to another one.',
    deleted: 'The policy was deleted, or was in a client that was deleted.',
    refused: refused(),
  },
  certificate: {
    created: 'A certificate was registered.',
    changed: 'The certificate, its state, its comment or its properties were changed, by a caller or by the policy.',
    deleted: 'The credential was deleted, alone or with its user or client.',
    loggedIn: 'A gateway logged the user in with the certificate.',
    loginFailed:
      'The certificate could not log in: because of its lock, its state, its user, its validity, or what the policy asks. A certificate that is not registered has no event.',
    refused: refused(),
  },
  password: {
    created: 'A password was set for a user who had none.',
    changed: 'The password, its state or its comment was changed.',
    deleted: 'The password was deleted, alone or with its user or client.',
    loggedIn: 'The password was accepted and an X-Token was issued.',
    loginFailed: 'The password was wrong, or could not be used because of its state or its user.',
    refused: refused(),
  },
  keyStore: {
    created: 'A key store was stored in the vault.',
    changed: 'The key store was replaced.',
    deleted: 'The key store was deleted, alone or with its account.',
    refused: refused(),
  },
  trustAnchorSet: {
    created: 'A trust-anchor set was created.',
    changed:
      'A member of the set was changed; its certificates are named by their fingerprints. Or a CRL was put or deleted, which is named by its SHA-256 and makes no version.',
    deleted: 'The set was deleted, or was in a client that was deleted.',
    refused: refused(),
  },
  job: {
    created:
      'A job began: what it does, with which rows and how many. Each row that it changes has an event of its own, of the kind of its resource. A job has no versions.',
    changed: 'The job was stopped, or has completed; with the number of rows by result.',
    refused: 'Somebody may not stop or undo it.',
  },
} as const satisfies Record<AuditKind, Partial<Record<AuditAction, string>>>;

/** What the events of an action have beside the members that all of them have. */
export const AUDIT_ACTION_TEXTS = {
  created:
    'The version 1 and the members that have a value; of a credential also the reason of its state and the comment.',
  changed: 'The new version and the members that are different now; of a credential also reason and comment.',
  archived: 'The new version and the members that are different now.',
  deleted: 'No version; of a key store its last one.',
  loggedIn: 'No version: logins change no resource.',
  loginFailed: 'No version; the reason if this failure has locked the credential.',
  refused: 'The error code. At most ten events a second for each caller and process.',
} as const satisfies Record<AuditAction, string>;

type Described = {
  [Kind in AuditKind]: { readonly kind: Kind; readonly action: keyof (typeof AUDIT_EVENT_TEXTS)[Kind] };
}[AuditKind];

/** What happened to which resource (contract 10.1, 10.3). `auditEvent` adds the actor and the time. */
export type AuditEvent = Described & EventMembers;

interface EventMembers {
  readonly extId: string;
  readonly userExtId?: string | undefined;
  /** The generation of the resource: when an extId is reused, a new generation begins. */
  readonly generation?: string | undefined;
  /** The contract members that are different now, with their values (`changesOf`). */
  readonly changes?: Changes | undefined;
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

/** The resource that the refusals of a route are recorded for. */
export interface AuditedResource {
  readonly kind: AuditKind;
  /** The names of the path parameters that contain these ids. */
  readonly parameters: {
    readonly client: string;
    /** The user to whom the resource belongs; absent if it belongs to none. */
    readonly user?: string;
    /** The resource itself; absent for a password, because its path does not contain its id. */
    readonly extId?: string;
  };
}
