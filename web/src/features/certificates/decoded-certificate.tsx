import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

import type {
  AuthorityKeyIdentifierResource,
  CertificateDescriptionResource,
  CertificateResource,
} from '../../api/generated/types.gen.js';
import { CertificateText } from '../../components/certificate-text.js';
import { CopyButton } from '../../components/copy-button.js';
import { Instant } from '../../components/instant.js';
import { DescriptionList, Section } from '../../components/page.js';
import { useClient } from '../../shell/shell.js';
import { AlternativeNames } from '../words/alternative-names.js';
import { consoleOf } from './addresses.js';
import { purposeName } from './usages.js';

import styles from './certificates.module.css';

interface DecodedCertificateProps {
  readonly certificate: CertificateDescriptionResource;
  /** The credential that has it, for its PEM. */
  readonly stored: CertificateResource;
}

export function DecodedCertificate({ certificate, stored }: DecodedCertificateProps) {
  const { t } = useLingui();
  const { subjectDN, issuerDN, serial, validity, keyType, signatureAlgorithm } = certificate;
  const { keyUsage, extendedKeyUsage, basicConstraints, certificatePolicies } = certificate;
  const { subjectKeyIdentifier, authorityKeyIdentifier } = certificate;
  return (
    <Section title={<Trans>Certificate</Trans>}>
      <DescriptionList
        entries={[
          [t`Subject`, <Name text={subjectDN} />],
          [t`Subject alternative names`, <SubjectAlternativeNames names={certificate.subjectAlternativeNames} />],
          [t`Issuer`, <IssuerName text={issuerDN} />],
          [t`Serial number`, <Copied text={serial} what={t`the serial number`} />],
          [
            t`Validity`,
            <Trans>
              <Instant value={validity.from} /> to <Instant value={validity.to} />
            </Trans>,
          ],
          [t`Key`, keyType],
          [t`Signature`, signatureAlgorithm],
          [t`Key usage`, <Words words={keyUsage} />],
          [t`Extended key usage`, <Words words={extendedKeyUsage?.map(purposeName)} />],
          [t`Basic constraints`, basicConstraints && <BasicConstraints {...basicConstraints} />],
          [t`Certificate policies`, certificatePolicies && <Words words={certificatePolicies} />],
          [t`Fingerprint, SHA-256`, <Copied text={certificate.fingerprintSha256} what={t`the SHA-256 fingerprint`} />],
          [t`Fingerprint, SHA-1`, <Copied text={certificate.fingerprintSha1} what={t`the SHA-1 fingerprint`} />],
          [
            t`Public key, SHA-256`,
            <Copied text={certificate.publicKeySha256} what={t`the SHA-256 of the public key`} />,
          ],
          [
            t`Subject key identifier`,
            subjectKeyIdentifier && <Copied text={subjectKeyIdentifier} what={t`the subject key identifier`} />,
          ],
          [t`Authority key identifier`, authorityKeyIdentifier && <AuthorityKey {...authorityKeyIdentifier} />],
          [t`CRLs`, <Addresses addresses={certificate.crlAddresses} />],
          [t`OCSP responders`, <Addresses addresses={certificate.ocspAddresses} />],
          [t`Certificate of the issuer`, <Addresses addresses={certificate.caIssuersAddresses} />],
        ]}
      />
      <details>
        <summary className={styles['summary']}>
          <Trans>PEM</Trans>
        </summary>
        <div className={styles['pem']}>
          <CopyButton text={stored.certificate} what={t`the PEM`} />
          <pre tabIndex={0}>{stored.certificate}</pre>
        </div>
      </details>
    </Section>
  );
}

const None = () => (
  <span className={styles['quiet']}>
    <Trans>none</Trans>
  </span>
);

function Name({ text }: { readonly text: string | undefined }) {
  return text === undefined || text === '' ? <None /> : <CertificateText text={text} />;
}

/** With the way to all certificates of the same issuer. */
function IssuerName({ text }: { readonly text: string | undefined }) {
  const clientExtId = useClient();
  if (text === undefined || text === '') return <None />;
  return (
    <>
      <CertificateText text={text} />{' '}
      <Link to={`${consoleOf(clientExtId)}/certificates?${new URLSearchParams({ issuerDN: text }).toString()}`}>
        <Trans>All of this issuer</Trans>
      </Link>
    </>
  );
}

function Copied({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <span className={styles['copied']}>
      <CertificateText text={text} code />
      <CopyButton text={text} what={what} />
    </span>
  );
}

function Words({ words }: { readonly words: readonly string[] | undefined }) {
  if (words === undefined || words.length === 0) return <None />;
  return <CertificateText text={words.join(', ')} />;
}

function List({ items }: { readonly items: readonly ReactNode[] }) {
  if (items.length === 0) return <None />;
  return (
    <ul>
      {items.map((item, index) => (
        <li key={index}>{item}</li>
      ))}
    </ul>
  );
}

function SubjectAlternativeNames({ names }: Parameters<typeof AlternativeNames>[0]) {
  return names.length === 0 ? <None /> : <AlternativeNames names={names} />;
}

/** Text, not links: nobody should be led to an address out of a certificate. */
function Addresses({ addresses }: { readonly addresses: readonly string[] }) {
  return (
    <List
      items={addresses.map((address) => (
        <CertificateText text={address} code />
      ))}
    />
  );
}

function BasicConstraints({ ca, pathLength }: { readonly ca: boolean; readonly pathLength?: number }) {
  if (!ca) return <Trans>not a CA</Trans>;
  if (pathLength === undefined) return <Trans>CA</Trans>;
  return <Trans>CA, path length {pathLength}</Trans>;
}

function AuthorityKey({ keyIdentifier, issuer = [], serial }: AuthorityKeyIdentifierResource) {
  const { t } = useLingui();
  return (
    <>
      {keyIdentifier !== undefined && <Copied text={keyIdentifier} what={t`the authority key identifier`} />}
      {issuer.length > 0 && <AlternativeNames names={issuer} />}
      {serial !== undefined && (
        <Trans>
          Serial number <CertificateText text={serial} code />
        </Trans>
      )}
    </>
  );
}
