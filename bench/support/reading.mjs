const CORE = '/nevisidm/api/core/v1';

/**
 * Reads credentials of `fill` one after the other on several connections (`readers`), for some seconds and
 * until the promise `until` settles. Any other answer than 200 is an error. Times are in milliseconds.
 */
export async function read(server, headers, { readers, seconds, users, credentials, client = '100', until }) {
  const start = performance.now();
  const end = start + seconds * 1000;
  const waiting = new Set(until === undefined ? [] : [until]);
  const stop = () => waiting.clear();
  until?.then(stop, stop);
  const times = [];
  await Promise.all(
    Array.from({ length: readers }, async (_, reader) => {
      for (
        let number = reader;
        waiting.size > 0 || performance.now() < end;
        number = (number + readers) % credentials
      ) {
        const sent = performance.now();
        const path = `${CORE}/${client}/users/u${number % users}/certificates/c${number}`;
        const answer = await fetch(server.url + path, { headers });
        const text = await answer.text();
        if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${text}`);
        times.push(performance.now() - sent);
      }
    }),
  );
  times.sort((a, b) => a - b);
  const percentile = (share) => Number(times[Math.floor(times.length * share)].toFixed(2));
  return {
    p50: percentile(0.5),
    p99: percentile(0.99),
    perSecond: Math.round((times.length * 1000) / (performance.now() - start)),
  };
}
