/** What goes between the test and the processes that it starts. */
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
  /** The only status that is right. */
  readonly expected: number;
  /** Over a connection of its own each time, as orchestrators look at `/health/live`. */
  readonly fresh: boolean;
}

export interface Load {
  readonly port: number;
  readonly operations: readonly Operation[];
}

export interface Sample {
  readonly name: string;
  /** The status, or what happened instead. */
  readonly outcome: string;
  /** From when it was due until it had been answered. */
  readonly milliseconds: number;
}

/** What an attack needs to know. */
export interface Target {
  readonly port: number;
  /** Of the administrator of the hostile tenant. */
  readonly token: string;
  /** extIds of its users who have the password `PASSWORD`, and a token of each. */
  readonly users: readonly { readonly extId: string; readonly token: string }[];
  /** Clients with many users, which the administrator may delete. */
  readonly largeClients: readonly string[];
  /** In base64: a p12 that takes as long as one may. */
  readonly slowP12: string;
}

export interface Order {
  readonly attack: string;
  readonly target: Target;
}

/** How often the attack was answered how. */
export type Outcomes = Readonly<Record<string, number>>;

export const HOSTILE = '200';
export const PASSWORD = 'correct horse battery staple';

/** The user whose certificates make the largest page. */
export const LARGE_PAGE_USER = 'large-page';

/** The extId of a user and of its certificate, which everybody changes at once. */
export const CONTENDED = 'contended';
