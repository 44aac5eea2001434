import type { PolicyConstraints, PolicyMapping } from '../certificate/extensions/certificate-policies.js';

export const ANY_POLICY = '2.5.29.32.0';

/** The inputs of RFC 5280 section 6.1.1 c, e, f and g. */
export interface PolicyInputs {
  readonly initialPolicySet: ReadonlySet<string> | 'any';
  readonly initialExplicitPolicy: boolean;
  readonly initialPolicyMappingInhibit: boolean;
  readonly initialAnyPolicyInhibit: boolean;
}

export interface NodeBudget {
  /** Counts one node or edge of the graph; false if the budget is exhausted. */
  node(): boolean;
}

export interface PolicyProblem {
  readonly problem: 'policy' | 'budget';
  /** Of RFC 5280, which RFC 9618 rewrote. */
  readonly section: string;
  /** One fixed sentence. */
  readonly detail: string;
}

/** What the steps need of one certificate. The caller has refused extensions that are unreadable or occur twice. */
export interface PolicyExtensions {
  readonly isSelfIssued: boolean;
  readonly policies: readonly string[] | undefined;
  readonly mappings: readonly PolicyMapping[] | undefined;
  readonly constraints: PolicyConstraints | undefined;
  readonly inhibitAnyPolicy: number | undefined;
}

interface PolicyNode {
  readonly policy: string;
  /** Of the depth above. */
  readonly parents: readonly PolicyNode[];
  /** Which policies of the next certificate continue this one. */
  expected: readonly string[];
}

/** The nodes of one depth by their policy. */
type Nodes = Map<string, PolicyNode>;

class BudgetExhausted extends Error {}

/**
 * Certificate policies along one path (RFC 5280 sections 6.1.2 to 6.1.6 as rewritten by RFC 9618): `enter` for every
 * certificate from the one below the anchor to the leaf, `prepareNext` after each but the leaf, `finish` after the leaf.
 * Each depth has one node for a policy, whatever leads to it, so that mappings cannot multiply nodes. Nodes that lead
 * nowhere are left in place and are not reached from the last depth.
 */
export class PolicyGraph {
  #above: Nodes = new Map();
  /** The deepest nodes; without any the graph is NULL. */
  #nodes: Nodes;
  #entered = 0;
  #explicitPolicy: number;
  #policyMapping: number;
  #inhibitAnyPolicy: number;

  /** 6.1.2 a, d, e and f. `length`: the number of certificates of the path without the anchor. */
  constructor(
    private readonly inputs: PolicyInputs,
    private readonly length: number,
    private readonly budget: NodeBudget,
  ) {
    this.#nodes = new Map([[ANY_POLICY, { policy: ANY_POLICY, parents: [], expected: [ANY_POLICY] }]]);
    this.#explicitPolicy = inputs.initialExplicitPolicy ? 0 : length + 1;
    this.#policyMapping = inputs.initialPolicyMappingInhibit ? 0 : length + 1;
    this.#inhibitAnyPolicy = inputs.initialAnyPolicyInhibit ? 0 : length + 1;
  }

  /** 6.1.3 d to f. */
  enter(certificate: PolicyExtensions): PolicyProblem | undefined {
    return withinBudget(() => {
      this.#entered += 1;
      this.#above = this.#nodes;
      this.#nodes = this.continuedBy(certificate);
      if (this.#explicitPolicy > 0 || this.#nodes.size > 0) return undefined;
      return policyProblem('6.1.3 (f)', 'An explicit policy is required, and no policy is valid for the whole path.');
    });
  }

  /** 6.1.3 d 1 and 2, e. */
  private continuedBy({ policies, isSelfIssued }: PolicyExtensions): Nodes {
    const nodes: Nodes = new Map();
    if (policies === undefined) return nodes;
    const parentsOf = this.expectations();
    const anyAbove = this.#above.get(ANY_POLICY);
    for (const policy of policies) {
      const parents = parentsOf.get(policy) ?? (anyAbove && [anyAbove]);
      if (policy !== ANY_POLICY && parents !== undefined) this.add(nodes, policy, parents);
    }
    const allowsAnyPolicy = this.#inhibitAnyPolicy > 0 || (isSelfIssued && this.#entered < this.length);
    if (!policies.includes(ANY_POLICY) || !allowsAnyPolicy) return nodes;
    for (const [policy, parents] of parentsOf) {
      if (!nodes.has(policy)) this.add(nodes, policy, parents);
    }
    return nodes;
  }

  /** Which nodes expect a policy, by that policy. */
  private expectations(): Map<string, PolicyNode[]> {
    const parentsOf = new Map<string, PolicyNode[]>();
    for (const node of this.#above.values()) {
      for (const policy of node.expected) {
        this.count();
        const parents = parentsOf.get(policy);
        if (parents === undefined) parentsOf.set(policy, [node]);
        else parents.push(node);
      }
    }
    return parentsOf;
  }

  private add(nodes: Nodes, policy: string, parents: readonly PolicyNode[], expected = [policy]): void {
    this.count();
    nodes.set(policy, { policy, parents, expected });
  }

  /** 6.1.4 a, b, h, i and j. */
  prepareNext(certificate: PolicyExtensions): PolicyProblem | undefined {
    return withinBudget(() => {
      const problem = this.map(certificate.mappings ?? []);
      if (problem !== undefined) return problem;
      if (!certificate.isSelfIssued) this.countCertificate();
      const { requireExplicitPolicy, inhibitPolicyMapping } = certificate.constraints ?? {};
      this.#explicitPolicy = Math.min(this.#explicitPolicy, requireExplicitPolicy ?? Infinity);
      this.#policyMapping = Math.min(this.#policyMapping, inhibitPolicyMapping ?? Infinity);
      this.#inhibitAnyPolicy = Math.min(this.#inhibitAnyPolicy, certificate.inhibitAnyPolicy ?? Infinity);
      return undefined;
    });
  }

  /** 6.1.4 a and b. */
  private map(mappings: readonly PolicyMapping[]): PolicyProblem | undefined {
    const subjectPolicies = new Map<string, Set<string>>();
    for (const { issuerDomainPolicy, subjectDomainPolicy } of mappings) {
      if (issuerDomainPolicy === ANY_POLICY || subjectDomainPolicy === ANY_POLICY) {
        return policyProblem('6.1.4 (a)', 'A policy is mapped to or from anyPolicy.');
      }
      this.count();
      const known = subjectPolicies.get(issuerDomainPolicy);
      if (known === undefined) subjectPolicies.set(issuerDomainPolicy, new Set([subjectDomainPolicy]));
      else known.add(subjectDomainPolicy);
    }
    const anyAbove = this.#above.get(ANY_POLICY);
    for (const [policy, expected] of subjectPolicies) {
      const node = this.#nodes.get(policy);
      if (this.#policyMapping === 0) this.#nodes.delete(policy);
      else if (node !== undefined) node.expected = [...expected];
      else if (anyAbove !== undefined && this.#nodes.has(ANY_POLICY)) {
        this.add(this.#nodes, policy, [anyAbove], [...expected]);
      }
    }
    return undefined;
  }

  /** 6.1.4 h. */
  private countCertificate(): void {
    this.#explicitPolicy = Math.max(this.#explicitPolicy - 1, 0);
    this.#policyMapping = Math.max(this.#policyMapping - 1, 0);
    this.#inhibitAnyPolicy = Math.max(this.#inhibitAnyPolicy - 1, 0);
  }

  /** 6.1.5 a, b and g, 6.1.6. The set may contain `ANY_POLICY`. */
  finish(leaf: PolicyExtensions): PolicyProblem | { readonly userConstrainedPolicySet: ReadonlySet<string> } {
    const isRequired = this.#explicitPolicy <= 1 || leaf.constraints?.requireExplicitPolicy === 0;
    const userConstrainedPolicySet = this.userConstrained(this.authorityConstrained());
    if (!isRequired || userConstrainedPolicySet.size > 0) return { userConstrainedPolicySet };
    return policyProblem('6.1.5 (g)', 'An explicit policy is required, and none of the accepted ones is valid.');
  }

  /**
   * 6.1.5 g 1 to 4: the policies of the nodes below anyPolicy that lead to the last depth. They are policies of the
   * anchor's domain.
   */
  private authorityConstrained(): ReadonlySet<string> {
    const policies = new Set<string>();
    const reached = new Set<PolicyNode>(this.#nodes.values());
    for (const { policy, parents } of reached) {
      if (policy !== ANY_POLICY && parents[0]?.policy === ANY_POLICY) policies.add(policy);
      for (const parent of parents) reached.add(parent);
    }
    if (this.#nodes.has(ANY_POLICY)) policies.add(ANY_POLICY);
    return policies;
  }

  /** 6.1.5 g 5 and 6. */
  private userConstrained(authority: ReadonlySet<string>): ReadonlySet<string> {
    const { initialPolicySet } = this.inputs;
    if (initialPolicySet === 'any' || initialPolicySet.has(ANY_POLICY)) return authority;
    if (authority.has(ANY_POLICY)) return initialPolicySet;
    return new Set([...initialPolicySet].filter((policy) => authority.has(policy)));
  }

  private count(): void {
    if (!this.budget.node()) throw new BudgetExhausted();
  }
}

function policyProblem(section: string, detail: string): PolicyProblem {
  return { problem: 'policy', section, detail };
}

function withinBudget(step: () => PolicyProblem | undefined): PolicyProblem | undefined {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof BudgetExhausted)) throw error;
    return { problem: 'budget', section: '6.1.3 (d)', detail: 'The certificate policies take too long to process.' };
  }
}
