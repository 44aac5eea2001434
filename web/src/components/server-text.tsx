import { Fragment } from 'react';

import { CertificateText } from './certificate-text.js';
import { Instant } from './instant.js';

/** Times as the server writes them. */
const INSTANT = /(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)/;

/** A sentence that the server has written; those are in English. It may quote a certificate. */
export function ServerText({ text }: { readonly text: string }) {
  return (
    <span lang="en">
      {text.split(INSTANT).map((part, index) => (
        <Fragment key={index}>
          {index % 2 === 1 ? <Instant value={part} /> : part !== '' && <CertificateText text={part} />}
        </Fragment>
      ))}
    </span>
  );
}
