import type { X509Certificate } from 'node:crypto';

/**
 * Puts first what leads from `leaf` to the root, each certificate followed by the one that issued it; the others keep
 * their order. Names and key identifiers decide, not signatures: this sorts, and proves nothing.
 */
export function orderChain(leaf: X509Certificate, others: readonly X509Certificate[]): X509Certificate[] {
  const rest = [...others];
  const chain: X509Certificate[] = [];
  for (let last = leaf; ;) {
    const position = rest.findIndex((candidate) => last.checkIssued(candidate));
    const [issuer] = position === -1 ? [] : rest.splice(position, 1);
    if (issuer === undefined) return [...chain, ...rest];
    chain.push(issuer);
    last = issuer;
  }
}
