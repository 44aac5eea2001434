import { readAlgorithmIdentifier } from '../../certificate/algorithm-identifier.js';
import { readSequence } from '../../der/der-reader.js';
import { readIntegerOctets } from '../../der/primitives.js';
import { reading } from '../../der/reading.js';
import { Tag } from '../../der/tag.js';
import type { OcspCertId } from './ocsp-response.js';

/** The certificate that a request of `ocspRequest` asks about; undefined for anything else. */
export function requestedCertId(request: Buffer): OcspCertId | undefined {
  return reading(() => {
    const tbsRequest = readSequence(request, 'the request').take(Tag.sequence, 'the signed part');
    const requestList = tbsRequest.inside().take(Tag.sequence, 'the list of requests');
    const single = requestList.inside().take(Tag.sequence, 'a request');
    const fields = single.inside().take(Tag.sequence, 'the certificate').inside();
    return {
      hashAlgorithm: readAlgorithmIdentifier(fields).algorithm,
      issuerNameHash: fields.take(Tag.octetString, 'the digest of the name').content,
      issuerKeyHash: fields.take(Tag.octetString, 'the digest of the key').content,
      serialNumber: readIntegerOctets(fields.take(Tag.integer, 'the serial number')),
    };
  }).value;
}
