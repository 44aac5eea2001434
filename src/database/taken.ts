import { AppError, type ErrorCode, type ErrorDetail } from '../common/errors.js';
import { constraintDetail } from './database-error.js';
import type { Statement, StatementRunner } from './database.js';

/** Refusals of rules, beside which a taken value is told; of what is archived or not there, nothing else is. */
const RULES: ReadonlySet<ErrorCode> = new Set([
  'errors.certificateExists',
  'errors.certificatePolicyViolated',
  'errors.deleteDefaultEntityFailure',
  'errors.duplicateName',
  'errors.duplicateValue',
  'errors.invalidData',
  'errors.policyViolation',
  'errors.stateTransitionDenied',
]);

/** What the statement finds to be taken; it answers the names of the constraints that a write would violate. */
export async function takenValues(
  runner: StatementRunner,
  statement: Statement,
  values: readonly unknown[],
): Promise<readonly ErrorDetail[]> {
  const rows = await runner.run<{ constraint: string }>(statement, values);
  return rows.map(({ constraint }) => constraintDetail(constraint));
}

/**
 * Contract 7.2: all rules at once. PostgreSQL tells the first constraint that is violated, and a rule that refuses
 * keeps it from being asked at all; so what else is taken is read where something was refused, and only there.
 */
export async function withEveryTaken<Result>(
  work: () => Promise<Result>,
  findTaken: () => Promise<readonly ErrorDetail[]>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || !error.details.every(({ code }) => RULES.has(code))) throw error;
    const [first, ...rest] = error.details;
    const known = new Set(error.details.map(keyOf));
    const more = (await findTaken()).filter((taken) => !known.has(keyOf(taken)));
    throw new AppError([first, ...rest, ...more], { cause: error.cause });
  }
}

function keyOf({ code, field }: ErrorDetail): string {
  return `${code} ${field ?? ''}`;
}
