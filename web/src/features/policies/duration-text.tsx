import { Trans, useLingui } from '@lingui/react/macro';

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** What a number of milliseconds is in a larger unit. */
export function DurationText({ milliseconds }: { readonly milliseconds: number }) {
  const { i18n } = useLingui();
  const [unit, size] = UNITS.find(([, length]) => milliseconds >= length) ?? ['millisecond', 1];
  const text = i18n.number(milliseconds / size, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 1 });
  return <Trans>This is {text}.</Trans>;
}
