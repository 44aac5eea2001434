import { Trans } from '@lingui/react/macro';
import { Fragment, type ReactNode } from 'react';

import { CertificateText } from '../../components/certificate-text.js';

const TEXTS: Readonly<Record<string, ReactNode>> = {
  '1.3.6.1.5.5.7.3.2': <Trans>signing in</Trans>,
  '1.3.6.1.5.5.7.3.4': <Trans>signing and encrypting e-mail</Trans>,
  '1.3.6.1.5.5.7.3.1': <Trans>identifying a server</Trans>,
  '1.3.6.1.5.5.7.3.3': <Trans>signing software</Trans>,
  '1.3.6.1.5.5.7.3.8': <Trans>time stamps</Trans>,
  '1.3.6.1.4.1.311.20.2.2': <Trans>signing in to Windows</Trans>,
  '1.3.6.1.4.1.311.10.3.4': <Trans>encrypting files</Trans>,
  '1.3.6.1.4.1.311.10.3.12': <Trans>signing documents</Trans>,
  '2.5.29.37.0': <Trans>any purpose</Trans>,
};

/** What a certificate is for, by the object identifiers of its extended key usage. */
export function Purposes({ oids }: { readonly oids: readonly string[] | undefined }) {
  if (oids === undefined || oids.length === 0) return <Trans>any purpose</Trans>;
  return oids.map((oid, index) => (
    <Fragment key={oid}>
      {index > 0 && ', '}
      {TEXTS[oid] ?? (
        <>
          <Trans>another purpose</Trans> (<CertificateText text={oid} code />)
        </>
      )}
    </Fragment>
  ));
}
