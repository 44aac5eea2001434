/** An address and a prefix length. */
export interface Subnet {
  readonly address: Buffer;
  readonly prefix: number;
}

/** RFC 4291 section 2.5.5.2: an IPv4 address within IPv6. */
const MAPPED = Buffer.from('00000000000000000000ffff', 'hex');
const MAPPED_BITS = MAPPED.length * 8;
const IPV4_LENGTH = 4;

/**
 * The octets of RFC 5280 section 4.2.1.10: an address, then a mask. Undefined if the mask is not a prefix (RFC 4632), so
 * that nothing is left out of it unseen.
 */
export function readSubnet(octets: Buffer): Subnet | undefined {
  const mask = octets.subarray(octets.length / 2);
  let prefix = 0;
  for (const octet of mask) prefix += Math.min(Math.clz32(~octet << 24), 8);
  const isPrefix = mask.every((octet, index) => octet === maskOctet(prefix, index));
  return isPrefix ? { address: octets.subarray(0, mask.length), prefix } : undefined;
}

/**
 * Whether `address` is in `subnet`. `orMapped`: or the same host written in the other family as an IPv4-mapped address;
 * so that an excluded IPv4 subnet cannot be reached through IPv6. A subnet of IPv6 that is wider than the mapped
 * addresses does not contain IPv4.
 */
export function isInSubnet(address: Buffer, subnet: Subnet, orMapped?: 'orMapped'): boolean {
  if (address.length === subnet.address.length) return hasPrefix(address, subnet);
  if (orMapped === undefined) return false;
  if (address.length > IPV4_LENGTH) return hasPrefix(address, mapped(subnet));
  return subnet.prefix >= MAPPED_BITS && hasPrefix(Buffer.concat([MAPPED, address]), subnet);
}

function mapped({ address, prefix }: Subnet): Subnet {
  return { address: Buffer.concat([MAPPED, address]), prefix: MAPPED_BITS + prefix };
}

function hasPrefix(address: Buffer, subnet: Subnet): boolean {
  return address.every((octet, index) => {
    const mask = maskOctet(subnet.prefix, index);
    return (octet & mask) === ((subnet.address[index] ?? 0) & mask);
  });
}

function maskOctet(prefix: number, index: number): number {
  const bits = Math.min(Math.max(prefix - index * 8, 0), 8);
  return 0xff & (0xff00 >> bits);
}
