const MAPPED_IPV4 = Buffer.from('00000000000000000000ffff', 'hex');

/** `octets`: 4 or 16. IPv6 in the form that RFC 5952 recommends. */
export function formatAddress(octets: Buffer): string {
  if (octets.length === 4) return octets.join('.');
  if (octets.subarray(0, 12).equals(MAPPED_IPV4)) return `::ffff:${octets.subarray(12).join('.')}`;
  const groups = Array.from({ length: 8 }, (_, index) => octets.readUInt16BE(2 * index).toString(16));
  const { start, length } = longestZeros(groups);
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

/** The first of the longest runs. */
function longestZeros(groups: readonly string[]): { readonly start: number; readonly length: number } {
  let longest = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start += 1) {
    let length = 0;
    while (groups[start + length] === '0') length += 1;
    if (length > longest.length) longest = { start, length };
  }
  return longest;
}
