import { hex } from '../support/der.js';
import { type CertificatePlan, Oid, POOL, setExtension } from './certificate-plan.js';
import { authorityKey, authorityPlan, basicConstraintsValue, type ChainPlan } from './chain-plan.js';
import { anchorOf, type Flaw, leafOf } from './flaw.js';

/** Puts a CA between two certificates of the path; `below` is the index of the lower one. */
function insert(chain: ChainPlan, below: number, ca: CertificatePlan): void {
  const lower = chain.path[below];
  if (lower === undefined) return;
  lower.issuer = ca.subject;
  lower.signer = ca.keys;
  setExtension(lower, Oid.authorityKeyIdentifier, authorityKey(ca.keys));
  chain.path.splice(below + 1, 0, ca);
}

/** A CA with the name of `issuer` and another key, certified by it. */
function selfIssued(chain: ChainPlan, issuer: CertificatePlan): CertificatePlan {
  const ca = authorityPlan(chain.name, 'Rollover', POOL[12] ?? issuer.keys, issuer);
  return { ...ca, subject: issuer.subject };
}

const graph = (name: string, apply: (chain: ChainPlan) => void): Flaw => ({ name, apply });

export const GRAPH_FLAWS: readonly Flaw[] = [
  graph('leaf is the anchor', (chain) => {
    chain.path.splice(0, chain.path.length - 1);
    chain.path.push(anchorOf(chain));
  }),
  graph('leaf is an intermediate', (chain) => {
    if (chain.path.length > 2) chain.path.shift();
  }),
  graph('leaf is trusted', (chain) => {
    chain.path.splice(1, chain.path.length - 1, leafOf(chain));
  }),
  graph('self-signed leaf', (chain) => {
    const leaf = leafOf(chain);
    leaf.issuer = leaf.subject;
    leaf.signer = leaf.keys;
  }),
  graph('self-signed leaf that is trusted', (chain) => {
    const leaf = leafOf(chain);
    leaf.issuer = leaf.subject;
    leaf.signer = leaf.keys;
    chain.path.splice(1, chain.path.length - 1, leaf);
  }),
  graph('an intermediate is missing', (chain) => {
    if (chain.path.length > 2) chain.path.splice(1, 1);
  }),
  graph('self-issued certificate', (chain) => {
    const index = chain.path.length - 2;
    insert(chain, index, selfIssued(chain, anchorOf(chain)));
  }),
  graph('self-issued certificate and path length 0', (chain) => {
    const anchor = anchorOf(chain);
    setExtension(anchor, Oid.basicConstraints, basicConstraintsValue(true, hex('00')), true);
    chain.path.splice(1, chain.path.length - 2);
    insert(chain, 0, selfIssued(chain, anchor));
  }),
  graph('self-issued certificate and one more, path length 0', (chain) => {
    const anchor = anchorOf(chain);
    setExtension(anchor, Oid.basicConstraints, basicConstraintsValue(true, hex('00')), true);
    chain.path.splice(1, chain.path.length - 2);
    insert(chain, 0, selfIssued(chain, anchor));
    insert(chain, 0, authorityPlan(chain.name, 'One more', POOL[11] ?? anchor.keys, chain.path[1]));
  }),
  graph('two intermediates issue each other', (chain) => {
    const [leaf] = chain.path;
    if (leaf === undefined) return;
    const one = authorityPlan(chain.name, 'One', POOL[11] ?? leaf.keys, undefined);
    const other = authorityPlan(chain.name, 'Other', POOL[12] ?? leaf.keys, one);
    chain.others.push(other, { ...one, issuer: other.subject, signer: other.keys });
    insertUnlinked(leaf, one);
  }),
  graph('the issuer is certified twice, once by a stranger', (chain) => {
    const [, issuer] = chain.path;
    const stranger = POOL[15];
    if (issuer === undefined || stranger === undefined) return;
    const root = authorityPlan(chain.name, 'Stranger', stranger, undefined);
    chain.others.push(root, { ...authorityPlan(chain.name, 'Issuer', issuer.keys, root), subject: issuer.subject });
  }),
  graph('the issuer is certified twice, once expired', (chain) => {
    const [, issuer] = chain.path;
    if (issuer !== undefined) chain.others.push({ ...issuer, notAfter: issuer.notBefore });
  }),
  graph('nine intermediates', (chain) => {
    while (chain.path.length < 11) {
      const index = chain.path.length;
      insert(chain, 0, authorityPlan(chain.name, `CA ${index}`, POOL[index] ?? leafOf(chain).keys, chain.path[1]));
    }
  }),
  graph('eight intermediates', (chain) => {
    while (chain.path.length < 10) {
      const index = chain.path.length;
      insert(chain, 0, authorityPlan(chain.name, `CA ${index}`, POOL[index] ?? leafOf(chain).keys, chain.path[1]));
    }
  }),
];

function insertUnlinked(leaf: CertificatePlan, issuer: CertificatePlan): void {
  leaf.issuer = issuer.subject;
  leaf.signer = issuer.keys;
  setExtension(leaf, Oid.authorityKeyIdentifier, authorityKey(issuer.keys));
}
