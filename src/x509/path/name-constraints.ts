import type { DerCertificate } from '../certificate/der-certificate.js';
import { subjectAltName } from '../certificate/extensions/alternative-names.js';
import type { GeneralName } from '../certificate/extensions/general-name.js';
import type { NameConstraints } from '../certificate/extensions/name-constraints.js';
import { readCharacterString } from '../der/character-string.js';
import { DerReader } from '../der/der-reader.js';
import { reading } from '../der/reading.js';
import { Tag } from '../der/tag.js';
import {
  comparableInternationalAddress,
  comparableName,
  type ComparableName,
  type Subtree,
  subtreeOf,
} from './constrained-subtree.js';

/** A form of GeneralName; `unreadable` may be of any form. */
export type NameForm = GeneralName['kind'];

export interface NameProblem {
  readonly problem: 'notPermitted' | 'excluded' | 'unreadable' | 'unsupported' | 'budget';
  readonly form: NameForm;
  /** One fixed sentence. */
  readonly detail: string;
}

export interface ComparisonBudget {
  /** Counts one comparison of a name with a subtree; false if the budget is exhausted. */
  compare(): boolean;
}

const EMAIL_ADDRESS = '1.2.840.113549.1.9.1';
const SMTP_UTF8_MAILBOX = '1.3.6.1.5.5.7.8.9';

/** By the number of the context-specific tag (RFC 5280 section 4.2.1.6). */
const FORMS: readonly NameForm[] = [
  'otherName',
  'rfc822Name',
  'dNSName',
  'x400Address',
  'directoryName',
  'ediPartyName',
  'uniformResourceIdentifier',
  'iPAddress',
  'registeredID',
];

const COMPARED: ReadonlySet<NameForm> = new Set<NameForm>([
  'directoryName',
  'dNSName',
  'rfc822Name',
  'uniformResourceIdentifier',
  'iPAddress',
]);

/** The constraints of one or more certificates on one form. */
interface Limits {
  /** A name must be within one subtree of each list: lists narrow each other (6.1.4 g 1). */
  readonly permitted: readonly (readonly Subtree[])[];
  readonly excluded: readonly Subtree[];
  /** Why no name of this form can be compared. */
  readonly obstacle: 'unreadable' | 'unsupported' | undefined;
}

type LimitsByForm = ReadonlyMap<NameForm, Limits>;

/** A path that is tried again meets the same extension again. */
const readConstraints = new WeakMap<NameConstraints, LimitsByForm>();

/** The permitted and excluded subtrees of a path so far (RFC 5280 sections 6.1.2 b and c, 6.1.4 g). Immutable. */
export class NameConstraintSet {
  static readonly none = new NameConstraintSet(new Map());

  private constructor(private readonly limits: LimitsByForm) {}

  /** 6.1.4 g: what is permitted is the intersection, what is excluded the union. */
  with(constraints: NameConstraints): NameConstraintSet {
    const limits = new Map(this.limits);
    for (const [form, added] of limitsOf(constraints)) {
      const known = limits.get(form);
      limits.set(form, known === undefined ? added : merged(known, added));
    }
    return new NameConstraintSet(limits);
  }

  /** 6.1.3 b and c. The caller leaves out self-issued certificates that are not the last. */
  check(certificate: DerCertificate, budget: ComparisonBudget): 'ok' | NameProblem {
    if (this.limits.size === 0) return 'ok';
    return this.checkSubject(certificate, budget) ?? this.checkAlternativeNames(certificate, budget) ?? 'ok';
  }

  /** emailAddress is constrained whether or not there are alternative names, because readers use it in both cases. */
  private checkSubject(certificate: DerCertificate, budget: ComparisonBudget): NameProblem | undefined {
    const { subject, structure } = certificate;
    if (subject === undefined) {
      return structure.subject.length === 0 ? undefined : this.unreadableIn(['directoryName', 'rfc822Name']);
    }
    const problem = this.checkName('directoryName', { kind: 'directoryName', name: subject }, budget);
    if (problem !== undefined || !this.limits.has('rfc822Name')) return problem;
    for (const { type, value } of subject.relativeDistinguishedNames.flat()) {
      if (type !== EMAIL_ADDRESS) continue;
      const address = value === undefined ? undefined : comparableName({ kind: 'rfc822Name', value });
      const found = this.checkName('rfc822Name', address, budget);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private checkAlternativeNames(certificate: DerCertificate, budget: ComparisonBudget): NameProblem | undefined {
    const names = certificate.extension(subjectAltName);
    if (names === undefined) {
      const isPresent = certificate.structure.extensions?.some(({ oid }) => oid === subjectAltName.oid) ?? false;
      return isPresent ? this.unreadableIn([...this.limits.keys()]) : undefined;
    }
    for (const name of names) {
      const problem = this.checkAlternativeName(name, budget);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  private checkAlternativeName(name: GeneralName, budget: ComparisonBudget): NameProblem | undefined {
    if (name.kind === 'unreadable') return this.unreadableIn(formsOfUnreadableName(name.value));
    const problem = this.checkName(name.kind, comparableName(name), budget);
    if (problem !== undefined || name.kind !== 'otherName' || name.type !== SMTP_UTF8_MAILBOX) return problem;
    return this.checkName('rfc822Name', readSmtpUtf8Mailbox(name.value), budget);
  }

  /** `name` is undefined if it is malformed, which only matters if its form is constrained. */
  private checkName(
    form: NameForm,
    name: ComparableName | undefined,
    budget: ComparisonBudget,
  ): NameProblem | undefined {
    const limits = this.limits.get(form);
    if (limits === undefined) return undefined;
    if (limits.obstacle !== undefined) return problemOf(limits.obstacle, form, DETAILS[limits.obstacle]);
    if (name === undefined) return problemOf('unreadable', form, UNREADABLE_NAME);
    for (const list of limits.permitted) {
      const found = firstMatch(list, (subtree) => subtree.permits(name), budget);
      if (found !== 'match') return problemOf(found === 'budget' ? 'budget' : 'notPermitted', form);
    }
    const found = firstMatch(limits.excluded, (subtree) => subtree.excludes(name), budget);
    return found === 'none' ? undefined : problemOf(found === 'budget' ? 'budget' : 'excluded', form);
  }

  private unreadableIn(forms: readonly NameForm[]): NameProblem | undefined {
    const form = forms.find((one) => this.limits.has(one));
    return form === undefined ? undefined : problemOf('unreadable', form, UNREADABLE_NAME);
  }
}

const UNREADABLE_NAME = 'A name of a constrained form cannot be read.';

const DETAILS: Readonly<Record<NameProblem['problem'], string>> = {
  notPermitted: 'A name is within no permitted subtree.',
  excluded: 'A name is within an excluded subtree.',
  unreadable: 'A constraint on a form of which there is a name cannot be read.',
  unsupported: 'There is a name of a form on which constraints are not supported.',
  budget: 'Comparing the names with the constraints takes too long.',
};

function problemOf(problem: NameProblem['problem'], form: NameForm, detail = DETAILS[problem]): NameProblem {
  return { problem, form, detail };
}

function firstMatch(
  subtrees: readonly Subtree[],
  matches: (subtree: Subtree) => boolean,
  budget: ComparisonBudget,
): 'match' | 'none' | 'budget' {
  for (const subtree of subtrees) {
    if (!budget.compare()) return 'budget';
    if (matches(subtree)) return 'match';
  }
  return 'none';
}

function limitsOf(constraints: NameConstraints): LimitsByForm {
  const known = readConstraints.get(constraints);
  if (known !== undefined) return known;
  const limits = new Map<NameForm, Limits>();
  addSubtrees(limits, constraints.permittedSubtrees, (subtrees) => ({ permitted: [subtrees], excluded: [] }));
  addSubtrees(limits, constraints.excludedSubtrees, (subtrees) => ({ permitted: [], excluded: subtrees }));
  readConstraints.set(constraints, limits);
  return limits;
}

function addSubtrees(
  limits: Map<NameForm, Limits>,
  bases: readonly GeneralName[],
  place: (subtrees: readonly Subtree[]) => Pick<Limits, 'permitted' | 'excluded'>,
): void {
  const byForm = Map.groupBy(
    bases.flatMap((base) => formsOf(base).map((form) => ({ form, base }))),
    ({ form }) => form,
  );
  for (const [form, list] of byForm) {
    const subtrees = list.map(({ base }) => subtreeOf(base));
    const readable = subtrees.filter((subtree) => subtree !== undefined);
    const unreadable = readable.length < subtrees.length ? 'unreadable' : undefined;
    const added: Limits = { ...place(readable), obstacle: COMPARED.has(form) ? unreadable : 'unsupported' };
    const known = limits.get(form);
    limits.set(form, known === undefined ? added : merged(known, added));
  }
}

function merged(one: Limits, other: Limits): Limits {
  return {
    permitted: [...one.permitted, ...other.permitted],
    excluded: [...one.excluded, ...other.excluded],
    obstacle: one.obstacle ?? other.obstacle,
  };
}

function formsOf(base: GeneralName): readonly NameForm[] {
  return base.kind === 'unreadable' ? formsOfTag(base.value) : [base.kind];
}

/** Another name that cannot be read may be a mail address (RFC 9598). */
function formsOfUnreadableName(bytes: Buffer): readonly NameForm[] {
  const forms = formsOfTag(bytes);
  return forms.includes('otherName') ? [...forms, 'rfc822Name'] : forms;
}

/** The form that a name is meant to have, or any form. */
function formsOfTag(bytes: Buffer): readonly NameForm[] {
  const tag = bytes[0] ?? 0;
  const form = (tag & 0xc0) === 0x80 ? FORMS[tag & 0x1f] : undefined;
  return form === undefined ? FORMS : [form];
}

function readSmtpUtf8Mailbox(der: Buffer): ComparableName | undefined {
  const text = reading((problems) => {
    const value = new DerReader(der).next();
    return value.tag === Tag.utf8String ? readCharacterString(value, problems) : undefined;
  }).value;
  return text === undefined ? undefined : comparableInternationalAddress(text);
}
