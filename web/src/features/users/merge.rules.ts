/** Whose value a merge takes; undefined: nobody has decided yet. */
export type Choice = 'theirs' | 'mine' | undefined;

export interface MergedMember<Member extends string> {
  readonly member: Member;
  readonly before: string;
  readonly theirs: string;
  readonly mine: string;
  /** If only one of the two changed it, that one; otherwise undefined, and somebody has to choose. */
  readonly suggested: Choice;
}

type Values<Member extends string> = Readonly<Record<Member, string>>;

/** The members in which the two differ, in the order of `members`. */
export function mergedMembers<Member extends string>(
  members: readonly Member[],
  before: Values<Member>,
  theirs: Values<Member>,
  mine: Values<Member>,
): readonly MergedMember<Member>[] {
  return members
    .filter((member) => theirs[member] !== mine[member])
    .map((member) => {
      const values = { before: before[member], theirs: theirs[member], mine: mine[member] };
      return { member, ...values, suggested: suggestedOf(values) };
    });
}

function suggestedOf({ before, theirs, mine }: { before: string; theirs: string; mine: string }): Choice {
  if (mine === before) return 'theirs';
  if (theirs === before) return 'mine';
  return undefined;
}

/** What is stored now, with what was chosen of the own changes. */
export function mergedValues<Member extends string>(
  theirs: Values<Member>,
  mine: Values<Member>,
  choices: Readonly<Partial<Record<Member, Choice>>>,
): Values<Member> {
  const chosen = (Object.keys(mine) as Member[]).filter((member) => choices[member] === 'mine');
  return {
    ...theirs,
    ...(Object.fromEntries(chosen.map((member) => [member, mine[member]])) as Partial<Values<Member>>),
  };
}
