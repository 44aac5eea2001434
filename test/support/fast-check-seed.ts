import fc from 'fast-check';

/** The same examples in every run, so that a change is not refused for what it has not touched. `random`: others each time. */
const seed = process.env['CERTKEEP_SEED'] ?? '1';
if (seed !== 'random') fc.configureGlobal({ seed: Number(seed) });
