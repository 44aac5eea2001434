/** For `input type="datetime-local"`: the time of the reader's zone, without the zone. */
export function localTimeOf(time: string): string {
  if (time === '') return '';
  const date = new Date(time);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

/** As the server writes a time: in UTC, to the second. */
export function timeOfLocal(local: string): string {
  return local === '' ? '' : `${new Date(local).toISOString().slice(0, 19)}Z`;
}
