/** Which claims of a token carry what contract 4.1 asks for; `sub`, `exp`, `iss` and `aud` have their own names. */
export interface ClaimNames {
  readonly client: string;
  readonly permissions: string;
  readonly roles: string;
  readonly dataRoom: string;
}
