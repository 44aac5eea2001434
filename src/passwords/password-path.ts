/** The path parameters of a user's password. */
export interface PasswordPath {
  readonly clientExtId: string;
  readonly userExtId: string;
}
