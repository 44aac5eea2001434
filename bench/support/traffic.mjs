// The normal traffic of two clients beside which a job is measured.
import { setTimeout as after } from 'node:timers/promises';

/** Sends requests of an administrator; throws where one is not answered with success. */
export function requests(base, token) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return async (method, path, body) => {
    const sent = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await fetch(base + path, sent);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
}

/**
 * A function that sends GETs and PATCHes of the clients `other` and 100, each on a connection of its own and twenty a second,
 * until a promise settles, and returns how long they took. `own`: the certificates of client 100.
 */
export function trafficOf(request, { users, others, own }) {
  return async (until) => {
    const over = overWhen(until);
    const times = {};
    await Promise.all(
      ['other', '100'].flatMap((client) =>
        ['GET', 'PATCH'].map(async (method) => {
          const taken = ((times[client] ??= {})[method] = []);
          for (let number = 0; !over.aborted; number += 1) {
            // Of client 100, only those that nothing else changes.
            const id = client === 'other' ? number % others : own.from + (number % own.count);
            const sent = performance.now();
            const path = `/${client}/users/u${id % users}/certificates/c${id}`;
            await request(method, path, method === 'GET' ? undefined : { modificationComment: `change ${number}` });
            taken.push(performance.now() - sent);
            await after(Math.max(0, 50 - (performance.now() - sent)));
          }
        }),
      ),
    );
    return Object.fromEntries(
      Object.entries(times).map(([client, methods]) => [
        client,
        Object.fromEntries(Object.entries(methods).map(([method, taken]) => [method, figures(taken)])),
      ]),
    );
  };
}

/** Aborted once the promise settles. */
export function overWhen(promise) {
  const over = new AbortController();
  const end = () => over.abort();
  promise.then(end, end);
  return over.signal;
}

function figures(taken) {
  taken.sort((one, other) => one - other);
  const at = (share) => Number(taken[Math.floor(taken.length * share)].toFixed(2));
  return { p50: at(0.5), p99: at(0.99), requests: taken.length };
}

/** Copies client 100 under another name, with this number of its credentials. */
export async function copyClient(sql, name, count) {
  for (const [table, key, condition] of [
    ['clients', 'ext_id', ''],
    ['policies', 'client_ext_id', ''],
    ['users', 'client_ext_id', ''],
    ['credentials', 'client_ext_id', `and substr(ext_id, 2)::integer < ${count}`],
  ]) {
    await sql.query(`create temporary table copied as select * from ${table} where ${key} = '100' ${condition}`);
    await sql.query(`update copied set ${key} = $1${table === 'clients' ? ', name = $1' : ''}`, [name]);
    await sql.query(`insert into ${table} select * from copied`);
    await sql.query('drop table copied');
  }
}
