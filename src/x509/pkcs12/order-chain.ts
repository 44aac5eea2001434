import type { X509Certificate } from 'node:crypto';

/**
 * Puts first what leads from `leaf` to the root, each certificate followed by the one that issued it; the others keep
 * their order. Names and key identifiers decide, and where several certificates have them, the signature does. This
 * sorts, and proves nothing.
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

/** False also where OpenSSL does not know the key or the algorithm. */
function isSignedBy(issued: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return issued.verify(issuer.publicKey);
  } catch {
    return false;
  }
}
