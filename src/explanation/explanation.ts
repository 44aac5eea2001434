/** What is printed about one certificate, whoever evaluated it. Texts are made safe when they are printed. */
export interface Explanation {
  /** `accepted`, `refused`, or another outcome of the server. */
  readonly verdict: string;
  /** The decisive reason, a sentence. */
  readonly because: string;
  /** Undefined if no path was looked for. */
  readonly path: ExplainedPath | undefined;
  /** Undefined if nothing was said about it. */
  readonly revocation: ExplainedRevocation | undefined;
  /** Rules of the policy; empty without a server. */
  readonly rules: readonly ExplainedRule[];
  readonly certificate: readonly Field[];
  readonly findings: readonly Remark[];
  readonly remedies: readonly string[];
  /** Sentences about what was not looked at, and more that there is to know. */
  readonly notes: readonly string[];
}

/** As a server answers it (12.4). */
export interface ExplainedPath {
  readonly proven: boolean;
  /** From the leaf upwards; without proof, the attempt that came closest. */
  readonly certificates: readonly PathCertificate[];
  /** What was rejected: certificates of the attempt, and others that were tried as an issuer. */
  readonly rejected: readonly (PathCertificate & Remark)[];
  /** Violated requirements that do not refuse the path. */
  readonly findings: readonly (Pick<PathCertificate, 'fingerprint'> & Remark)[];
  /** How many rejected certificates are left out. */
  readonly omitted: number;
}

export interface PathCertificate {
  readonly subject: string;
  readonly issuer: string;
  readonly fingerprint: string;
}

export interface Remark {
  readonly code: string | undefined;
  readonly detail: string;
  /** `RFC 5280 section 6.1.3 (a)(2)`. */
  readonly section: string | undefined;
}

/** As a server answers it (13.5). */
export interface ExplainedRevocation {
  readonly detail: string;
  /** From the leaf upwards, without the anchor. */
  readonly certificates: readonly RevocationStatus[];
}

interface RevocationStatus {
  readonly subject: string;
  /** `good`, `revoked` or `unknown`. */
  readonly status: string;
  /** What the status rests on, and what has failed. */
  readonly remarks: readonly string[];
}

export interface ExplainedRule {
  readonly rule: string;
  readonly passed: boolean;
  readonly expected: string;
  readonly found: string;
}

export type Field = readonly [label: string, value: string];

/** `Its validity has ended. (expired, RFC 5280 section 6.1.3 (a)(2))` */
export function sentence({ code, detail, section }: Remark): string {
  const source = [code, section].filter((part) => part !== undefined).join(', ');
  return source === '' ? detail : `${detail} (${source})`;
}
