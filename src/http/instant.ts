/** ISO 8601 in UTC to the second, as contract 2.1 writes moments; years beyond 9999 keep their sign and six digits. */
export function formatInstant(moment: Date): string {
  return `${moment.toISOString().slice(0, -5)}Z`;
}
