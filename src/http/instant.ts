/** ISO 8601 in UTC to the second, as contract 2.1 writes moments; years beyond 9999 keep their sign and six digits. */
export function formatInstant(moment: Date): string {
  return `${moment.toISOString().slice(0, -5)}Z`;
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** A moment in ISO 8601 with its offset; undefined where the text is none, 31 February included. */
export function parseInstant(text: string): Date | undefined {
  if (!INSTANT.test(text)) return undefined;
  const moment = new Date(text);
  return Number.isNaN(moment.getTime()) || !sameDay(text, moment) ? undefined : moment;
}

/** `Date` takes 31 February for 3 March. */
function sameDay(text: string, moment: Date): boolean {
  const offset = /([+-])(\d\d):(\d\d)$/.exec(text);
  const minutes = offset === null ? 0 : (Number(offset[2]) * 60 + Number(offset[3])) * (offset[1] === '-' ? -1 : 1);
  return new Date(moment.getTime() + minutes * 60_000).toISOString().slice(0, 10) === text.slice(0, 10);
}
