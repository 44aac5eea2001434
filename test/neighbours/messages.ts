/** The messages between the test and the processes that it starts. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Operation {
  readonly name: string;
  readonly perSecond: number;
  readonly calls: readonly Call[];
  /** The expected status. */
  readonly expected: number;
  /** Each time on a new connection, as orchestrators request `/health/live`. */
  readonly fresh: boolean;
}

export interface Load {
  readonly port: number;
  readonly operations: readonly Operation[];
}

export interface Sample {
  readonly name: string;
  /** The status, or the error. */
  readonly outcome: string;
  /** From the time when it was due to its answer. */
  readonly milliseconds: number;
}

/** The parameters of an attack. */
export interface Target {
  readonly port: number;
  /** The token of the administrator of the hostile tenant. */
  readonly token: string;
  /** extIds of its users who have the password `PASSWORD`, and a token of each. */
  readonly users: readonly { readonly extId: string; readonly token: string }[];
  /** Clients with many users, which the administrator may delete. */
  readonly largeClients: readonly string[];
  /** In base64: a p12 that takes the maximum time. */
  readonly slowP12: string;
}

export interface Order {
  readonly attack: string;
  readonly target: Target;
}

/** The number of answers by outcome. */
export type Outcomes = Readonly<Record<string, number>>;

export const HOSTILE = '200';
export const PASSWORD = 'correct horse battery staple';

/** The user whose certificates make up the largest page. */
export const LARGE_PAGE_USER = 'large-page';

/** The extId of a user and of the certificate that all callers change at once. */
export const CONTENDED = 'contended';
