/** The parameters of a path that names one user. */
export interface UserPath {
  readonly clientExtId: string;
  readonly userExtId: string;
}
