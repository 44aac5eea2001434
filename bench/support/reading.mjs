const CORE = '/nevisidm/api/core/v1/100';

/**
 * Some connections (`readers`) that read for some seconds, each one credential of `fill` after the other; a refusal takes
 * no time, so that it is an error. Milliseconds.
 */
export async function read(server, headers, { readers, seconds, users, credentials }) {
  const end = performance.now() + seconds * 1000;
  const times = [];
  await Promise.all(
    Array.from({ length: readers }, async (_, reader) => {
      for (let number = reader; performance.now() < end; number = (number + readers) % credentials) {
        const start = performance.now();
        const path = `${CORE}/users/u${number % users}/certificates/c${number}`;
        const answer = await fetch(server.url + path, { headers });
        const text = await answer.text();
        if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${text}`);
        times.push(performance.now() - start);
      }
    }),
  );
  times.sort((a, b) => a - b);
  const percentile = (share) => Number(times[Math.floor(times.length * share)].toFixed(2));
  return { p50: percentile(0.5), p99: percentile(0.99), perSecond: Math.round(times.length / seconds) };
}
