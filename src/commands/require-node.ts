import { StartError } from '../common/start-error.js';

const OLDEST_NODE = 26;

/** Asked before anything else is loaded: an older Node lacks functions that other files import by name. */
export function requireNode(version: string): void {
  if (Number(version.split('.')[0]) >= OLDEST_NODE) return;
  throw new StartError(
    `certkeep needs Node ${OLDEST_NODE} or later; this is ${version}. Start it with "npm start", which brings its own.`,
  );
}
