import fc from 'fast-check';
import { expect, test } from 'vitest';

import { ANY_POLICY, type PolicyExtensions, PolicyGraph, type PolicyInputs } from './policy-graph.js';

/** The valid policies, undefined if the path is refused. */
function runWithGraph(inputs: PolicyInputs, path: readonly PolicyExtensions[]): readonly string[] | undefined {
  const graph = new PolicyGraph(inputs, path.length, { node: () => true });
  for (const [index, one] of path.entries()) {
    if (graph.enter(one) !== undefined) return undefined;
    if (index < path.length - 1 && graph.prepareNext(one) !== undefined) return undefined;
  }
  const last = path.at(-1);
  if (last === undefined) throw new Error('A path has a certificate.');
  const result = graph.finish(last);
  return 'problem' in result ? undefined : [...result.userConstrainedPolicySet].toSorted();
}

/** The tree of RFC 5280 before RFC 9618: the same outcome, but exponential. */
interface TreeNode {
  readonly policy: string;
  expected: readonly string[];
  children: TreeNode[];
}

const leafOf = (policy: string, expected: readonly string[] = [policy]): TreeNode => ({
  policy,
  expected,
  children: [],
});

function runWithTree(inputs: PolicyInputs, path: readonly PolicyExtensions[]): readonly string[] | undefined {
  let root: TreeNode | undefined = { policy: ANY_POLICY, expected: [ANY_POLICY], children: [] };
  const start = (isSet: boolean) => (isSet ? 0 : path.length + 1);
  let explicit = start(inputs.initialExplicitPolicy);
  let mapping = start(inputs.initialPolicyMappingInhibit);
  let inhibitAny = start(inputs.initialAnyPolicyInhibit);
  const atDepth = (depth: number, nodes: TreeNode[] = root ? [root] : []): TreeNode[] =>
    depth === 0
      ? nodes
      : atDepth(
          depth - 1,
          nodes.flatMap(({ children }) => children),
        );
  const prune = (depth: number) => {
    const keep = (node: TreeNode, level: number): boolean => {
      if (level === depth) return true;
      node.children = node.children.filter((child) => keep(child, level + 1));
      return node.children.length > 0;
    };
    if (root !== undefined && !keep(root, 0)) root = undefined;
  };

  for (const [index, one] of path.entries()) {
    const depth = index + 1;
    const isLast = depth === path.length;
    if (one.policies === undefined) root = undefined;
    const above = atDepth(depth - 1);
    for (const policy of new Set(one.policies)) {
      if (policy === ANY_POLICY) continue;
      const matching = above.filter(({ expected }) => expected.includes(policy));
      const parents = matching.length > 0 ? matching : above.filter((node) => node.policy === ANY_POLICY);
      for (const parent of parents) parent.children.push(leafOf(policy));
    }
    if (one.policies?.includes(ANY_POLICY) && (inhibitAny > 0 || (!isLast && one.isSelfIssued))) {
      for (const parent of above) {
        for (const policy of parent.expected) {
          if (!parent.children.some((child) => child.policy === policy)) parent.children.push(leafOf(policy));
        }
      }
    }
    prune(depth);
    if (explicit === 0 && root === undefined) return undefined;
    if (isLast) {
      explicit = Math.max(explicit - 1, 0);
      if (one.constraints?.requireExplicitPolicy === 0) explicit = 0;
      continue;
    }
    const mappings = Map.groupBy(one.mappings ?? [], ({ issuerDomainPolicy }) => issuerDomainPolicy);
    for (const [policy, pairs] of mappings) {
      const targets = pairs.map(({ subjectDomainPolicy }) => subjectDomainPolicy);
      if (policy === ANY_POLICY || targets.includes(ANY_POLICY)) return undefined;
      const nodes = atDepth(depth).filter((node) => node.policy === policy);
      if (mapping === 0) {
        for (const parent of atDepth(depth - 1))
          parent.children = parent.children.filter((node) => node.policy !== policy);
        prune(depth);
      } else if (nodes.length > 0) {
        for (const node of nodes) node.expected = targets;
      } else if (atDepth(depth).some((node) => node.policy === ANY_POLICY)) {
        const any = atDepth(depth - 1).find((node) => node.policy === ANY_POLICY);
        any?.children.push(leafOf(policy, targets));
      }
    }
    const step = one.isSelfIssued ? 0 : 1;
    explicit = Math.min(Math.max(explicit - step, 0), one.constraints?.requireExplicitPolicy ?? Infinity);
    mapping = Math.min(Math.max(mapping - step, 0), one.constraints?.inhibitPolicyMapping ?? Infinity);
    inhibitAny = Math.min(Math.max(inhibitAny - step, 0), one.inhibitAnyPolicy ?? Infinity);
  }
  const valid = new Set<string>();
  const collect = (node: TreeNode) => {
    for (const child of node.children) {
      if (node.policy === ANY_POLICY && child.policy !== ANY_POLICY) valid.add(child.policy);
      collect(child);
    }
  };
  if (root !== undefined) collect(root);
  if (atDepth(path.length).some(({ policy }) => policy === ANY_POLICY)) valid.add(ANY_POLICY);
  const initial = inputs.initialPolicySet;
  let accepted = [...valid];
  if (initial !== 'any')
    accepted = valid.has(ANY_POLICY) ? [...initial] : accepted.filter((policy) => initial.has(policy));
  return explicit > 0 || accepted.length > 0 ? accepted.toSorted() : undefined;
}

const policy = fc.constantFrom('a', 'b', 'c', ANY_POLICY);
const count = fc.option(fc.nat(3), { nil: undefined });
const extensions: fc.Arbitrary<PolicyExtensions> = fc.record({
  isSelfIssued: fc.boolean(),
  policies: fc.option(fc.array(policy, { minLength: 1, maxLength: 3 }), { nil: undefined, freq: 6 }),
  mappings: fc.option(
    fc.array(
      fc.record({
        issuerDomainPolicy: fc.constantFrom('a', 'b', 'c'),
        subjectDomainPolicy: fc.constantFrom('a', 'b', 'c'),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    { nil: undefined },
  ),
  constraints: fc.option(fc.record({ requireExplicitPolicy: count, inhibitPolicyMapping: count }), { nil: undefined }),
  inhibitAnyPolicy: count,
});
const anyInputs: fc.Arbitrary<PolicyInputs> = fc.record({
  initialPolicySet: fc.oneof(
    fc.constant('any' as const),
    fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }).map((list) => new Set(list)),
  ),
  initialExplicitPolicy: fc.boolean(),
  initialPolicyMappingInhibit: fc.boolean(),
  initialAnyPolicyInhibit: fc.boolean(),
});

test('6.1 the graph of RFC 9618 has the outcome of the tree that it replaces', () => {
  fc.assert(
    fc.property(anyInputs, fc.array(extensions, { minLength: 1, maxLength: 5 }), (inputs, path) => {
      expect(runWithGraph(inputs, path)).toEqual(runWithTree(inputs, path));
    }),
    { numRuns: 2_000 },
  );
});
