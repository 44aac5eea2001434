import { useState } from 'react';

interface Edited<Resource, Values> {
  /** What the values are a change of; its version is sent with them. */
  readonly base: Resource;
  readonly values: Values;
  readonly setValues: (change: Values | ((before: Values) => Values)) => void;
  readonly isChanged: boolean;
  /** Begins anew with this resource: after it was saved, or to discard what was entered. */
  readonly adopt: (resource: Resource) => void;
}

/**
 * The values of a form that changes a resource. A newer version that arrives meanwhile takes the place of the one before
 * only if nothing was entered: otherwise saving would overwrite what somebody else changed, and not be a conflict.
 */
export function useEdited<Resource extends { readonly version: number }, Values>(
  newest: Resource,
  valuesOf: (resource: Resource) => Values,
  textOf: (values: Values) => string = JSON.stringify,
): Edited<Resource, Values> {
  const [base, setBase] = useState(newest);
  const [values, setValues] = useState(() => valuesOf(newest));
  const isChanged = textOf(values) !== textOf(valuesOf(base));
  const adopt = (resource: Resource) => {
    setBase(resource);
    setValues(() => valuesOf(resource));
  };
  if (newest.version > base.version && !isChanged) adopt(newest);
  return { base, values, setValues, isChanged, adopt };
}
