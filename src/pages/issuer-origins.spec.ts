import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { TestClock } from '../../test/support/clock.js';
import { OutgoingClient } from '../outgoing/outgoing-client.js';
import { IssuerOrigins } from './issuer-origins.js';

const TOKENS = { token_endpoint: 'https://token.acme.example/token' };

let server: Server;
let client: OutgoingClient;
let issuer: string;
let asked: string[];
/** Undefined: the issuer answers with 503. */
let metadata: object | undefined;

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.statusCode = metadata === undefined ? 503 : 200;
    response.end(JSON.stringify(metadata));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/realm`;
  client = new OutgoingClient();
});

afterEach(() => {
  client.close();
  server.close();
});

test('the origins are those of the issuer and of the endpoints that scripts ask, and are read once', async () => {
  metadata = {
    ...TOKENS,
    userinfo_endpoint: 'https://token.acme.example/who',
    jwks_uri: 'data:text/plain,x',
    revocation_endpoint: 7,
    authorization_endpoint: 'https://login.acme.example/',
  };
  const origins = new IssuerOrigins(client, issuer, new TestClock('2026-06-01T12:00:00Z'), () => {});
  const expected = [new URL(issuer).origin, 'https://token.acme.example'];
  expect(await Promise.all([origins.current(), origins.current()])).toEqual([expected, expected]);
  expect(await origins.current()).toEqual(expected);
  expect(asked).toEqual(['/realm/.well-known/openid-configuration']);
});

test('an endpoint cannot add to the policy that its origin becomes part of', async () => {
  metadata = { token_endpoint: "https://a.example; script-src 'unsafe-inline'", jwks_uri: 'https://b.example/;x' };
  const origins = new IssuerOrigins(client, issuer, new TestClock('2026-06-01T12:00:00Z'), () => {});
  expect(await origins.current()).toEqual([new URL(issuer).origin, 'https://b.example']);
});

test('while the issuer does not answer, its own origin is used, and it is asked again after a minute', async () => {
  metadata = undefined;
  const clock = new TestClock('2026-06-01T12:00:00Z');
  const failures: string[] = [];
  const origins = new IssuerOrigins(client, issuer, clock, (reason) => void failures.push(reason));
  const { origin } = new URL(issuer);
  expect(await origins.current()).toEqual([origin]);
  metadata = TOKENS;
  clock.advance(59_999);
  expect(await origins.current()).toEqual([origin]);
  clock.advance(1);
  expect(await origins.current()).toEqual([origin, 'https://token.acme.example']);
  expect(failures).toEqual(['the response has status 503']);
});
