/** The names of the claims with the values of contract 4.1; `sub`, `exp`, `iss` and `aud` have their standard names. */
export interface ClaimNames {
  readonly client: string;
  readonly permissions: string;
  readonly roles: string;
  readonly dataRoom: string;
}
