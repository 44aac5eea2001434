/** The parameters of the path of a user's one password. */
export interface PasswordPath {
  readonly clientExtId: string;
  readonly userExtId: string;
}
