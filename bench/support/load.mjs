import autocannon from 'autocannon';

import { toPem } from './certificates.mjs';
import { CREDENTIALS, USERS } from './database.mjs';

const CONNECTIONS = 16;
/** Coprime to the number of credentials, so that all are used, and successive ones are far apart in the table. */
const STRIDE = 61_803;

/** Makes requests of each kind, each with another credential, comment and certificate. */
export class Requests {
  #number = 0;

  constructor(token, mint) {
    this.mint = mint;
    this.headers = { authorization: `Bearer ${token}` };
  }

  get() {
    return { method: 'GET', path: this.#path(), headers: this.headers };
  }

  comment() {
    const path = this.#path();
    return this.#patch(path, { modificationComment: `Renewed by ticket ${this.#number}` });
  }

  certificate() {
    const path = this.#path();
    return this.#patch(path, { certificate: toPem(this.mint.der(CREDENTIALS + this.#number)) });
  }

  #patch(path, body) {
    return {
      method: 'PATCH',
      path,
      headers: { ...this.headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
  }

  #path() {
    this.#number += 1;
    const credential = (this.#number * STRIDE) % CREDENTIALS;
    return `/nevisidm/api/core/v1/100/users/u${credential % USERS}/certificates/c${credential}`;
  }
}

/**
 * Sends requests of the given kinds in turn, for `duration` seconds or `amount` requests. Throws unless all answers are
 * 2xx, as refusals would distort the rate.
 */
export async function load(server, requests, kinds, { duration, amount }) {
  const result = await autocannon({
    url: server.url,
    connections: CONNECTIONS,
    ...(amount === undefined ? { duration } : { amount }),
    requests: kinds.map((kind) => ({ setupRequest: (request) => Object.assign(request, requests[kind]()) })),
  });
  if (result.non2xx > 0 || result.errors > 0 || result['2xx'] === 0) {
    throw new Error(await failure(server, requests, kinds, result));
  }
  return {
    perSecond: Math.round(result['2xx'] / result.duration),
    p50: result.latency.p50,
    p99: result.latency.p99,
  };
}

async function failure(server, requests, kinds, result) {
  const answers = [];
  for (const kind of kinds) {
    const { path, ...request } = requests[kind]();
    const answer = await fetch(server.url + path, request);
    answers.push(`${kind}: ${answer.status} ${(await answer.text()).slice(0, 500)}`);
  }
  return [
    `${server.name}, ${kinds.join(' and ')}: not every answer was a 2xx.`,
    JSON.stringify({ statuses: result.statusCodeStats, errors: result.errors, timeouts: result.timeouts }),
    `One more of each: ${answers.join('; ')}`,
    `Its log ends with:\n${await server.endOfLog()}`,
  ].join('\n');
}
