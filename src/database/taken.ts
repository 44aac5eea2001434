import { AppError, type ErrorCode, type ErrorDetail } from '../common/errors.js';
import { constraintDetail } from './database-error.js';
import type { StatementRunner } from './database.js';
import type { NamedStatement } from './statement.js';

/**
 * Refusals by rules, to which errors about taken values are added; if a record is archived or missing, nothing else is
 * reported.
 */
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

/** Finds unique values that the database would refuse. */
export type FindTaken = (runner: StatementRunner) => Promise<readonly ErrorDetail[]>;

/** With a statement that returns the names of the constraints that a write would violate. */
export function findTakenWith<Parameters>(
  statement: NamedStatement<Parameters, unknown>,
  parameters: Parameters,
): FindTaken {
  return async (runner) => {
    const rows = await runner.run<{ constraint: string }>(statement, statement.values(parameters));
    return rows.map(({ constraint }) => constraintDetail(constraint));
  };
}

/**
 * Contract 7.2: report all errors at once. PostgreSQL reports only the first violated constraint, and a refused request
 * never gets that far. So other taken values are looked up after a refusal, and only then.
 */
export async function withAllTakenValues<Result>(
  runner: StatementRunner,
  work: () => Promise<Result>,
  findTaken: FindTaken,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || !error.details.every(({ code }) => RULES.has(code))) throw error;
    const [first, ...rest] = error.details;
    const known = new Set(error.details.map(keyOf));
    const more = (await findTaken(runner)).filter((taken) => !known.has(keyOf(taken)));
    throw new AppError([first, ...rest, ...more], { cause: error.cause });
  }
}

function keyOf({ code, field }: ErrorDetail): string {
  return `${code} ${field ?? ''}`;
}
