/** The path parameter of a client. */
export interface ClientPath {
  readonly clientExtId: string;
}
