/** What `npm run conformance -- --json` writes. The format is fixed, because other programs evaluate it. */
export interface ConformanceReport {
  readonly format: 1;
  /** Of certkeep. */
  readonly version: string;
  readonly node: string;
  readonly inputs: readonly InputReport[];
}

export interface InputReport {
  readonly file: string;
  /** Of the file, in hexadecimal. */
  readonly sha256: string;
  readonly kind: 'limbo' | 'pkits';
  /** How every case of the file was run. */
  readonly options: RunOptions;
  readonly cases: readonly CaseReport[];
}

export interface RunOptions {
  readonly profile: 'section4' | 'production';
  readonly sha1: boolean;
  readonly dsa: boolean;
  readonly minimumRsaBits: number;
  /** Whether the CRLs of a case are checked. */
  readonly crls: boolean;
}

type Verdict = 'accept' | 'reject';

/** What a case requires beyond path validation: a comparison of names, rules of the web PKI, or CRLs. */
export type Need = 'peerName' | 'webpki' | 'crl';

export interface CaseReport {
  readonly key: string;
  readonly id: string;
  readonly expected: Expectation;
  /** Of path and peer names together. */
  readonly verdict: Verdict | 'error';
  readonly path: Verdict | 'error';
  /** The verdict under the production profile; an error counts as a rejection. */
  readonly production: Verdict;
  /** Why it was rejected; null if it was not. */
  readonly code: string | null;
  readonly section: string | null;
  readonly needs: readonly Need[];
  /** Dotted OIDs, sorted; empty if there is no path. */
  readonly userConstrainedPolicySet: readonly string[];
  readonly signatureChecks: number;
  readonly ms: number;
}

export type Expectation = 'SUCCESS' | 'FAILURE';
