import { Plural, Trans, useLingui } from '@lingui/react/macro';

const DAY_MS = 86_400_000;

/**
 * In the zone of the reader; UTC in the `title`. `value` as the server writes it (RFC 3339). It is not a tab stop, because
 * a table may have hundreds of them.
 */
export function Instant({ value, dateOnly = false }: { readonly value: string; readonly dateOnly?: boolean }) {
  const { i18n } = useLingui();
  const date = new Date(value);
  const text = i18n.date(date, dateOnly ? { dateStyle: 'medium' } : { dateStyle: 'medium', timeStyle: 'medium' });
  return (
    <time dateTime={value} title={`${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`}>
      {text}
    </time>
  );
}

/** Whole days from now until `value`; negative if it has passed. */
export function daysUntil(value: string, now = Date.now()): number {
  return Math.floor((new Date(value).getTime() - now) / DAY_MS);
}

export function Expiry({ value }: { readonly value: string }) {
  const days = daysUntil(value);
  if (days < 0) return <Trans>expired {<Instant value={value} dateOnly />}</Trans>;
  if (days === 0) return <Trans>expires within a day</Trans>;
  return <Plural value={days} one="expires in # day" other="expires in # days" />;
}
