import pg from 'pg';

/** `2026-11-24 09:30:00.123+00`: PostgreSQL's format in a session with the time zone UTC. */
const UTC_TIMESTAMP = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)\+00$/;

const parseWithDriver = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => Date;

/** The driver's parser is general and slow, and a credential has up to nine timestamps. */
export function parseTimestamp(text: string): Date {
  const parts = UTC_TIMESTAMP.exec(text);
  return parts === null ? parseWithDriver(text) : new Date(`${parts[1]}T${parts[2]}Z`);
}
