/** The parameter of a path that names one client. */
export interface ClientPath {
  readonly clientExtId: string;
}
