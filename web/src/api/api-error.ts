/** One member of `errors` in the body of an error (contract 7.1). */
export interface ErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  readonly rule?: string;
  readonly parameter?: string;
  readonly expected?: string;
  readonly found?: string;
  readonly remedy?: string;
  readonly requestId?: string;
  /** Of a conflict: the version that there is now, who made it, and when. */
  readonly currentVersion?: number;
  readonly changedBy?: string;
  readonly changedAt?: string;
}

/** An answer that is no success, or none at all. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    /** 0 if there was no answer. */
    readonly status: number,
    readonly details: readonly ErrorDetail[],
    readonly requestId: string | undefined,
    /** Seconds after which another attempt makes sense. */
    readonly retryAfter?: number,
  ) {
    super(details[0]?.message ?? `HTTP ${status}`);
  }

  has(code: string): boolean {
    return this.details.some((detail) => detail.code === code);
  }

  /** Whether the sign-in is no longer good. */
  get isOfToken(): boolean {
    return this.status === 401 && !this.isOfXToken;
  }

  /** Whether the password has to be asked for, while the sign-in is still good (contract 4.5). */
  get isOfXToken(): boolean {
    return this.status === 401 && this.details.some(({ field }) => field === 'X-Token');
  }
}
