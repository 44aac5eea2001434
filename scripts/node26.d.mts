interface Machine {
  readonly version: string;
  readonly execPath: string;
  readonly platform: string;
  readonly arch: string;
  readonly isMusl: boolean;
  readonly root: string;
  exists(path: string): boolean;
  /** What went wrong. */
  tryToRun(path: string): string | undefined;
}

export function findNode(machine: Machine): string;

/** What `npm start` gives a server besides, as environment variables. */
export const MALLOC: Readonly<Record<string, string>>;
