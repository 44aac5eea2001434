import { existsSync } from 'node:fs';

const PLACES = [
  // The same browser without windows: a page costs a third of the processor time.
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** The browser that the tests of the pages run in. */
export function findChromium(): string | undefined {
  return PLACES.find((place) => existsSync(place));
}
