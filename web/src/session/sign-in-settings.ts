/** How people sign in, as the server writes it into the page. */
export interface SignInSettings {
  /** Absent: there is no issuer, only the links of the embedded mode. */
  readonly issuer?: string;
  readonly clientId?: string;
  readonly scope?: string;
  readonly resource?: string;
  readonly embedded?: boolean;
}

export interface IssuerSettings extends SignInSettings {
  readonly issuer: string;
  readonly clientId: string;
}

export function readSignInSettings(): SignInSettings {
  const content = document.querySelector('meta[name="certkeep:sign-in"]')?.getAttribute('content') ?? '';
  return content === '' ? {} : (JSON.parse(content) as SignInSettings);
}

export function hasIssuer(settings: SignInSettings): settings is IssuerSettings {
  return settings.issuer !== undefined && settings.clientId !== undefined;
}
