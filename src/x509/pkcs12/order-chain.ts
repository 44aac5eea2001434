import type { X509Certificate } from 'node:crypto';

/**
 * Sorts the certificates from `leaf` to the root first, each followed by its issuer; the others keep their order. Names
 * and key identifiers decide, and the signature if several certificates match. This only sorts and does not validate
 * the chain.
 */
export function orderChain(leaf: X509Certificate, others: readonly X509Certificate[]): X509Certificate[] {
  const rest = [...others];
  const chain: X509Certificate[] = [];
  for (let last = leaf; ;) {
    const issuer = findIssuer(last, rest);
    if (issuer === undefined) return [...chain, ...rest];
    rest.splice(rest.indexOf(issuer), 1);
    chain.push(issuer);
    last = issuer;
  }
}

function findIssuer(issued: X509Certificate, candidates: readonly X509Certificate[]): X509Certificate | undefined {
  const named = candidates.filter((candidate) => issued.checkIssued(candidate));
  return named.length > 1 ? named.find((candidate) => isSignedBy(issued, candidate)) : named[0];
}

/** Also false if OpenSSL does not support the key or the algorithm. */
function isSignedBy(issued: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return issued.verify(issuer.publicKey);
  } catch {
    return false;
  }
}
