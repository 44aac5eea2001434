import { describe, expect, it } from 'vitest';

import { hex, objectIdentifier, sequence, tlv } from '../../../../test/support/der.js';
import { authority, endEntity } from '../../../../test/support/signed-certificate.js';
import {
  answerAbout,
  basicResponse,
  certIdDer,
  ocspDer,
  ocspStatus,
  responderIds,
  responseDer,
} from '../../../../test/support/signed-ocsp.js';
import { Tag } from '../../der/tag.js';
import { readOcspResponse } from './read-ocsp-response.js';

const root = authority('Root');
const leaf = endEntity(root);
const answer = answerAbout(leaf, root);
const time = (text: string) => tlv(Tag.generalizedTime, Buffer.from(text));
const now = time('20260501000000Z');
const certId = certIdDer(leaf, root);

const basic = (...fields: readonly Buffer[]) =>
  responseDer(0, sequence(...fields, sequence(objectIdentifier('1.2.840.10045.4.3.2')), tlv(Tag.bitString, hex('00'))));

const data = (...fields: readonly Buffer[]) => basic(sequence(...fields));

describe('13.2 an OCSP response that cannot be read', () => {
  const id = responderIds.byName(root);
  const single = (...fields: readonly Buffer[]) => data(id, now, sequence(sequence(...fields)));
  const good = ocspStatus.good;
  const whole = ocspDer(root, { answers: [answer], certificates: [root.der] });

  const cases: readonly (readonly [string, Buffer, string])[] = [
    ['nothing', Buffer.alloc(0), 'the OCSP response is missing or has a wrong type'],
    ['no DER', Buffer.from('<html>'), 'the OCSP response is missing or has a wrong type'],
    ['trailing bytes', Buffer.concat([whole, hex('00')]), 'the encoding has trailing data'],
    ['a truncated one', whole.subarray(0, -1), 'a length is beyond the data'],
    [
      'a status of another type',
      sequence(tlv(Tag.integer, hex('00'))),
      'the response status is missing or has a wrong type',
    ],
    ['a status of two octets', sequence(tlv(Tag.enumerated, hex('0100'))), 'the response status is not known'],
    ['a status without octets', sequence(tlv(Tag.enumerated)), 'an integer has no octets'],
    ['a success without content', responseDer(0), 'a successful response has no content'],
    ['more than content', sequence(tlv(Tag.enumerated, hex('00')), hex('0500')), 'the OCSP response has trailing data'],
    [
      'another type of response',
      responseDer(0, basicResponse(root), '1.3.6.1.5.5.7.48.1.2'),
      'the response is not a basic one',
    ],
    [
      'an empty content',
      sequence(tlv(Tag.enumerated, hex('00')), tlv(0xa0)),
      'the content of the response is missing or has a wrong type',
    ],
    [
      'a content of two values',
      sequence(tlv(Tag.enumerated, hex('00')), tlv(0xa0, sequence(), hex('0500'))),
      'the content of the response has trailing data',
    ],
    [
      'more than type and content',
      sequence(
        tlv(Tag.enumerated, hex('00')),
        tlv(0xa0, sequence(objectIdentifier('1.3.6.1.5.5.7.48.1.1'), tlv(Tag.octetString), hex('0500'))),
      ),
      'the content of the response has trailing data',
    ],
    ['a basic response that is none', responseDer(0, hex('0500')), 'the basic response is missing or has a wrong type'],
    [
      'bytes after the basic response',
      responseDer(0, Buffer.concat([basicResponse(root), hex('00')])),
      'the encoding has trailing data',
    ],
    [
      'more in the basic response',
      responseDer(
        0,
        sequence(
          sequence(id, now, sequence()),
          sequence(objectIdentifier('1.2.3')),
          tlv(Tag.bitString, hex('00')),
          hex('0500'),
        ),
      ),
      'the basic response has trailing data',
    ],
    [
      'no signature',
      responseDer(0, sequence(sequence(id, now, sequence()), sequence(objectIdentifier('1.2.3')))),
      'the signature is missing or has a wrong type',
    ],
    [
      'version 2',
      data(tlv(0xa0, tlv(Tag.integer, hex('01'))), id, now, sequence()),
      'the response is not of version 1',
    ],
    [
      'a long version',
      data(tlv(0xa0, tlv(Tag.integer, hex('0080'))), id, now, sequence()),
      'the response is not of version 1',
    ],
    [
      'two versions',
      data(tlv(0xa0, tlv(Tag.integer, hex('00')), hex('0500')), id, now, sequence()),
      'the version has trailing data',
    ],
    ['no responder', data(now, sequence()), 'the responder is missing or has a wrong type'],
    [
      'a responder of a third kind',
      data(tlv(0xa3, sequence()), now, sequence()),
      'the responder is missing or has a wrong type',
    ],
    [
      'a responder whose name is none',
      data(tlv(0xa1, hex('0500')), now, sequence()),
      'the responder is missing or has a wrong type',
    ],
    [
      'a responder with two names',
      data(tlv(0xa1, root.subject, root.subject), now, sequence()),
      'the responder has trailing data',
    ],
    [
      'a key that is none',
      data(tlv(0xa2, hex('0500')), now, sequence()),
      'the key of the responder is missing or has a wrong type',
    ],
    ['no time', data(id, sequence()), 'the time of the response is missing or has a wrong type'],
    [
      'a UTCTime',
      data(id, tlv(Tag.utcTime, Buffer.from('260501000000Z')), sequence()),
      'the time of the response is missing or has a wrong type',
    ],
    [
      'a time with a fraction',
      data(id, time('20260501000000.1Z'), sequence()),
      'an update time is not in the form of RFC 5280',
    ],
    ['no list of answers', data(id, now), 'the list of responses is missing or has a wrong type'],
    [
      'an answer of another type',
      data(id, now, sequence(hex('0500'))),
      'an element of the list of responses is missing or has a wrong type',
    ],
    ['more in the signed part', data(id, now, sequence(), hex('0500')), 'the signed part has trailing data'],
    [
      'extensions that are none',
      data(id, now, sequence(), tlv(0xa1, hex('0500'))),
      'the list of extensions is missing or has a wrong type',
    ],
    [
      'two lists of extensions',
      data(id, now, sequence(), tlv(0xa1, sequence(), sequence())),
      'the list of extensions has trailing data',
    ],
    [
      'an extension of another type',
      data(id, now, sequence(), tlv(0xa1, sequence(hex('0500')))),
      'an extension is missing or has a wrong type',
    ],
    ['an answer without CertID', single(good, now), 'the identifier of a certificate is missing or has a wrong type'],
    [
      'a CertID with more',
      single(
        sequence(sequence(objectIdentifier('1.3.14.3.2.26')), hex('0400'), hex('0400'), hex('020101'), hex('0500')),
        good,
        now,
      ),
      'the identifier of a certificate has trailing data',
    ],
    [
      'a CertID without name',
      single(sequence(sequence(objectIdentifier('1.3.14.3.2.26')), hex('020101')), good, now),
      'the hash of a name is missing or has a wrong type',
    ],
    [
      'a CertID without key',
      single(sequence(sequence(objectIdentifier('1.3.14.3.2.26')), hex('0400'), hex('020101')), good, now),
      'the hash of a key is missing or has a wrong type',
    ],
    [
      'a CertID without serial number',
      single(sequence(sequence(objectIdentifier('1.3.14.3.2.26')), hex('0400'), hex('0400')), good, now),
      'a serial number is missing or has a wrong type',
    ],
    [
      'a serial number that is not minimal',
      single(
        sequence(sequence(objectIdentifier('1.3.14.3.2.26')), hex('0400'), hex('0400'), hex('02020001')),
        good,
        now,
      ),
      'an integer is not minimal',
    ],
    ['no status', single(certId), 'the data ends too early'],
    ['a fourth status', single(certId, tlv(0x83), now), 'the status of a certificate is not known'],
    ['good with content', single(certId, hex('800100'), now), 'the status of a certificate has content'],
    ['unknown with content', single(certId, hex('820100'), now), 'the status of a certificate has content'],
    ['revoked without a date', single(certId, tlv(0xa1), now), 'the revocation date is missing or has a wrong type'],
    ['revoked with more', single(certId, tlv(0xa1, now, hex('0500')), now), 'the revocation has trailing data'],
    ['no thisUpdate', single(certId, good), 'an update time is missing or has a wrong type'],
    [
      'a thisUpdate that is no date',
      single(certId, good, time('20260231000000Z')),
      'an update time is not in the form of RFC 5280',
    ],
    [
      'a nextUpdate of another type',
      single(certId, good, now, tlv(0xa0, hex('0500'))),
      'an update time is missing or has a wrong type',
    ],
    ['two nextUpdates', single(certId, good, now, tlv(0xa0, now, now)), 'an update time has trailing data'],
    ['more in an answer', single(certId, good, now, hex('0500')), 'the answer about a certificate has trailing data'],
    [
      'certificates that are none',
      ocspDer(root, { certificates: [hex('0500')] }),
      'an element of the list of certificates is missing or has a wrong type',
    ],
  ];

  it.each(cases)('13.2 %s', (_, der, problem) => {
    expect(readOcspResponse(der)).toEqual({ value: undefined, problems: [problem], refusal: undefined });
  });
});
