import { describe, expect, it } from 'vitest';

import { AppError } from '../common/errors.js';
import { bind } from '../http/bind.js';
import { UpdateUserDto } from './user.dto.js';

/** The validated members of a body, or the fields of its errors. */
function read(body: Record<string, unknown>): unknown {
  try {
    return Object.fromEntries(Object.entries(bind(UpdateUserDto, body)));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.details.map(({ field }) => field);
  }
}

describe('2.4 members of a user as they are read', () => {
  it.each(['EN', 'de', 'Fr', 'iT'])('2.4 ok/languageCode %s arrives in upper case', (languageCode) => {
    expect(read({ languageCode })).toEqual({ languageCode: languageCode.toUpperCase() });
  });

  it.each(['ıt', 'ES', 'E', 'ＥＮ'])('2.4 fail/languageCode %s', (languageCode) => {
    expect(read({ languageCode })).toEqual(['languageCode']);
  });

  it.each(['2000-02-29', '0001-01-01', '9999-12-31', '1984-07-19'])('2.4 ok/birthDate %s', (birthDate) => {
    expect(read({ birthDate })).toEqual({ birthDate });
  });

  it.each([
    '1900-02-29',
    '0000-01-01',
    '2026-13-01',
    '2026-04-31',
    '2026-1-1',
    ' 2026-01-01',
    '19840719',
    '12026-01-01',
  ])('2.4 fail/birthDate %s', (birthDate) => {
    expect(read({ birthDate })).toEqual(['birthDate']);
  });

  it.each([
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z'],
    ['2026-01-01T00:00:00.999Z', '2026-01-01T00:00:00.000Z'],
    ['2026-01-01T01:30:00+01:30', '2026-01-01T00:00:00.000Z'],
    ['1969-12-31T23:59:58.5Z', '1969-12-31T23:59:58.000Z'],
  ])('2.4 ok/validity %s is kept to the second', (from, kept) => {
    expect(read({ validity: { from, to: null } })).toMatchObject({ validity: { from: new Date(kept), to: null } });
  });

  it.each(['2026-01-01T00:00:00', '2026-01-01', '2026-02-29T00:00:00Z', '2026-01-01T25:00:00Z', 'now', ''])(
    '2.4 fail/validity %s',
    (to) => {
      expect(read({ validity: { to } })).toEqual(['validity.to']);
    },
  );

  it('3.1 members that were not sent are absent, null stays null', () => {
    expect(Object.keys(read({ name: null, sex: null }) as object)).toEqual(['name', 'sex']);
  });
});
