import { expect, it } from 'vitest';

import { isoTime } from './certificate-fields.js';

it.each([
  ['a UTCTime', '491231235959Z', '2049-12-31T23:59:59.000Z'],
  ['one of the last century', '500101000000Z', '1950-01-01T00:00:00.000Z'],
  ['one without seconds', '2401010203Z', '2024-01-01T02:03:00.000Z'],
  ['one with an offset', '160810160431-0500', '2016-08-10T21:04:31.000Z'],
  ['one without seconds and with an offset', '1608101604+0130', '2016-08-10T14:34:00.000Z'],
  ['a GeneralizedTime', '20500101000000Z', '2050-01-01T00:00:00.000Z'],
  ['the year 0', '00000101000000Z', '0000-01-01T00:00:00.000Z'],
  ['one with a fraction', '20571201060708.999Z', '2057-12-01T06:07:08.000Z'],
  ['one with an offset', '20560811122001-0600', '2056-08-11T18:20:01.000Z'],
  ['no time', '99999999999999Z', '99999999999999Z'],
])('2.8 the time that octets stand for: %s', (_, raw, time) => {
  expect(isoTime(raw)).toBe(time);
});
