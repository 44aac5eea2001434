import { createRequire } from 'node:module';

import type {
  getMetadataStorage as storage,
  ValidateBy as by,
  ValidateIf as when,
  Validator as Class,
} from 'class-validator';

/**
 * The four parts of class-validator that are used. Its entry also loads every validator that it has, with the telephone
 * numbers of all countries, which was 4 MB in each process.
 */
const load = createRequire(import.meta.url);

export const { getMetadataStorage } = load('class-validator/cjs/metadata/MetadataStorage.js') as {
  readonly getMetadataStorage: typeof storage;
};
export const { ValidateBy } = load('class-validator/cjs/decorator/common/ValidateBy.js') as {
  readonly ValidateBy: typeof by;
};
export const { ValidateIf } = load('class-validator/cjs/decorator/common/ValidateIf.js') as {
  readonly ValidateIf: typeof when;
};
export const { Validator } = load('class-validator/cjs/validation/Validator.js') as {
  readonly Validator: typeof Class;
};
