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

/** An address or a network in CIDR notation, and the ports that it is listed for. */
export interface AllowedNetwork {
  readonly network: string;
  readonly ports: readonly number[];
}

const DEFAULT_PORTS = [80, 443];

/** Addresses or networks, each with or without a port: `10.0.0.0/8`, `10.1.2.3:8080`, `[fd00::/8]:8080`. */
export function readAllowedNetworks(environment: Environment, name: SettingName): readonly AllowedNetwork[] {
  return environment.list(name).flatMap((entry) => {
    const allowed = allowedNetwork(entry);
    if (allowed !== undefined) return [allowed];
    environment.problem(`${name}: ${entry} is not an IP address or a network, with or without a port.`);
    return [];
  });
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

/** A port can follow IPv6 only after brackets. */
const WITH_PORT = /^(?:\[([^\]]+)\]|([\d./]+))(?::([1-9]\d{0,4}))?$/;

function allowedNetwork(entry: string): AllowedNetwork | undefined {
  const [, bracketed, dotted, port] = WITH_PORT.exec(entry) ?? [];
  const network = bracketed ?? dotted ?? entry;
  if (!isNetwork(network) || bracketed?.includes(':') === false || Number(port ?? 0) > 65_535) return undefined;
  return { network, ports: port === undefined ? DEFAULT_PORTS : [Number(port)] };
}

function isNetwork(text: string): boolean {
  const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  // The zone of a link-local address names an interface of this machine, so it is not a network.
  const version = address.includes('%') ? 0 : isIP(address);
  return version !== 0 && (prefix === undefined || Number(prefix) <= (version === 4 ? 32 : 128));
}
