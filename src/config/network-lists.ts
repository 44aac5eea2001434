import { isIP } from 'node:net';

import type { Environment } from './environment.js';
import type { SettingName } from './setting-texts.js';

/**
 * Origins in the form that browsers send (RFC 6454 section 6.2). They are compared unchanged, so one with a path would
 * never match.
 */
export function readOrigins(environment: Environment, name: SettingName): readonly string[] {
  const origins = environment.list(name);
  for (const origin of origins) {
    if (!isOrigin(origin))
      environment.problem(`${name}: ${origin} is not an origin such as https://console.acme.example.`);
  }
  return origins;
}

/** Addresses, or networks in CIDR notation (10.0.0.0/8). */
export function readNetworks(environment: Environment, name: SettingName): readonly string[] {
  const networks = environment.list(name);
  for (const network of networks) {
    if (!isNetwork(network)) environment.problem(`${name}: ${network} is neither an IP address nor a network.`);
  }
  return networks;
}

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

function isNetwork(text: string): boolean {
  const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  // The zone of a link-local address names an interface of this machine, so it is not a network.
  const version = address.includes('%') ? 0 : isIP(address);
  return version !== 0 && (prefix === undefined || Number(prefix) <= (version === 4 ? 32 : 128));
}
