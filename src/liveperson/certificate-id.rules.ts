/** A whole number from 1 to 2^53 − 1, or its digits as text; undefined for anything else. */
export function readCertificateId(sent: unknown): number | undefined {
  if (typeof sent === 'string' && !/^[1-9]\d{0,15}$/.test(sent)) return undefined;
  if (typeof sent !== 'string' && typeof sent !== 'number') return undefined;
  const id = Number(sent);
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}
