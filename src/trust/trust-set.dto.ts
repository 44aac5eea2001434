import { externalId, type MemberOptions, type MemberReader, readAs, text, version } from '../http/members.js';
import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { readPemList } from '../x509/certificate/pem.js';
import { readCertificate } from '../x509/certificate/read-certificate.js';

/** G2 (contract 11.1). */
export class CreateTrustSetDto {
  @text(1, 100, { required: true, description: 'Unique in the client.', example: 'Acme' })
  name!: string;

  @text(0, 1000, { description: 'The purpose of the set.' })
  description?: string;

  @certificates(1, 100, { required: true })
  anchors!: readonly DerCertificate[];

  @certificates(0, 200)
  intermediates?: readonly DerCertificate[];

  @externalId({ description: 'Generated if absent.', example: 'corporate' })
  extId?: string;
}

/** G4: a member that is not sent stays unchanged (contract 3.1, 11.3). */
export class UpdateTrustSetDto {
  @text(1, 100, { description: 'Unique in the client.', example: 'Acme' })
  name?: string;

  @text(0, 1000, { nullable: true, description: 'null clears it.' })
  description?: string | null;

  @certificates(1, 100)
  anchors?: readonly DerCertificate[];

  @certificates(0, 200, { nullable: true })
  intermediates?: readonly DerCertificate[] | null;

  @version()
  version?: number;
}

/** PEM certificates in one text, parsed before the service sees them; the position of one that cannot be read is named. */
function certificates(minimum: number, maximum: number, options: MemberOptions = {}): PropertyDecorator {
  const range = minimum === 0 ? `at most ${maximum}` : `${minimum} to ${maximum}`;
  const read: MemberReader<readonly DerCertificate[]> = (sent) => {
    const pem = readPemList(sent);
    if (!pem.ok) return { ok: false, faults: pem.faults.map(({ message, index }) => faultAt(message, index)) };
    const { ders } = pem;
    if (ders.length < minimum || ders.length > maximum) {
      return { ok: false, message: `There must be ${range} certificates; there are ${ders.length}.` };
    }
    const results = ders.map(readCertificate);
    const faults = results.flatMap((result, index) => (result.ok ? [] : [faultAt(result.message, index)]));
    if (faults.length > 0) return { ok: false, faults };
    return { ok: true, value: results.flatMap((result) => (result.ok ? [result.certificate] : [])) };
  };
  const emptied = minimum === 0 ? ' An empty text stands for none.' : '';
  const description = `PEM blocks of ${range} X.509 certificates, one after another; text around them is ignored.${emptied}`;
  return readAs(read, { type: 'string' }, { description, ...options });
}

function faultAt(message: string, index: number | undefined) {
  return index === undefined ? { message } : { message: `Certificate ${index + 1}: ${message}`, index };
}
