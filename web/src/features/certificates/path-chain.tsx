import { Plural, Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';

import type {
  PathCertificateResource,
  PathOutcomeResource,
  RejectedCertificateResource,
} from '../../api/generated/types.gen.js';
import { CertificateText } from '../../components/certificate-text.js';
import { AnchorIcon, CertificateIcon, CloseIcon, KeyIcon } from '../../components/icons.js';
import { ServerText } from '../../components/server-text.js';
import { drawingOf, type PathLink } from './path-links.js';
import { PATH_REASONS } from './path-texts.js';

import styles from './certificates.module.css';

/** The chain from the certificate up to its anchor, with what is wrong at which link. */
export function PathChain({ path }: { readonly path: PathOutcomeResource }) {
  const { t } = useLingui();
  const { links, tried, missing, others } = drawingOf(path);
  return (
    <>
      <p className={styles['strong']}>
        {path.proven ? (
          <Trans>The path is proven: every signature up to a trust anchor is valid.</Trans>
        ) : (
          <Trans>No path is proven. This is the attempt that came closest to a trust anchor.</Trans>
        )}
      </p>
      <ol className={styles['chain']} aria-label={t`Path from the certificate to its anchor`}>
        {links.map((link, index) => (
          <Link key={index} link={link} index={index} />
        ))}
        {tried.map((rejected, index) => (
          <Node key={`tried ${index}`} tone="danger" icon={<CloseIcon />} role={<Trans>Not the issuer</Trans>}>
            <Names certificate={rejected} />
            <Problem {...rejected} />
          </Node>
        ))}
        {tried.length === 0 && missing !== undefined && (
          <Node tone="danger" icon={<CloseIcon />} role={<Trans>Missing issuer</Trans>}>
            <CertificateText text={missing.issuerDN ?? ''} />
            <Problem {...missing} />
          </Node>
        )}
      </ol>
      <Others rejected={others} omitted={path.omitted} />
    </>
  );
}

function Link({ link, index }: { readonly link: PathLink; readonly index: number }) {
  const { certificate, problems, findings, isAnchor } = link;
  const icon = index === 0 ? <CertificateIcon /> : isAnchor ? <AnchorIcon /> : <KeyIcon />;
  const role =
    index === 0 ? <Trans>Certificate</Trans> : isAnchor ? <Trans>Trust anchor</Trans> : <Trans>Issuing CA</Trans>;
  return (
    <Node tone={problems.length > 0 ? 'danger' : 'ok'} icon={icon} role={role}>
      <Names certificate={certificate} />
      {problems.map((problem, at) => (
        <Problem key={at} {...problem} />
      ))}
      {findings.map(({ detail, section }, at) => (
        <p key={at} className={styles['remark']}>
          <ServerText text={detail} /> <small className={styles['quiet']}>{section}</small>
        </p>
      ))}
    </Node>
  );
}

interface NodeProps {
  readonly tone: 'ok' | 'danger';
  readonly icon: ReactNode;
  readonly role: ReactNode;
  readonly children: ReactNode;
}

function Node({ tone, icon, role, children }: NodeProps) {
  return (
    <li className={styles['link']} data-tone={tone}>
      <span className={styles['symbol']}>{icon}</span>
      <div className={styles['linkBody']}>
        <span className={styles['quiet']}>{role}</span>
        {children}
      </div>
    </li>
  );
}

/** With the serial number and the fingerprint, as several certificates may have one name. */
function Names({ certificate: { subjectDN, serial, fingerprint } }: { readonly certificate: PathCertificateResource }) {
  return (
    <>
      <span className={styles['strong']}>
        {subjectDN === undefined ? <Trans>without a subject</Trans> : <CertificateText text={subjectDN} />}
      </span>
      <details>
        <summary className={styles['summary']}>
          <Trans>Serial number and fingerprint</Trans>
        </summary>
        <p>
          <CertificateText text={serial} code />
        </p>
        <p>
          <CertificateText text={fingerprint} code />
        </p>
      </details>
    </>
  );
}

function Problem({ reason, detail, section }: RejectedCertificateResource) {
  const { i18n } = useLingui();
  return (
    <div className={styles['problem']}>
      <p className={styles['strong']}>{i18n._(PATH_REASONS[reason])}</p>
      <p>
        <ServerText text={detail} />{' '}
        <small>
          {section} · <code>{reason}</code>
        </small>
      </p>
    </div>
  );
}

interface OthersProps {
  readonly rejected: readonly RejectedCertificateResource[];
  readonly omitted: number;
}

function Others({ rejected, omitted }: OthersProps) {
  if (rejected.length === 0 && omitted === 0) return null;
  return (
    <details>
      <summary className={styles['summary']}>
        <Plural
          value={rejected.length + omitted}
          one="# other certificate was tried"
          other="# other certificates were tried"
        />
      </summary>
      <ul className={styles['tried']}>
        {rejected.map((one, index) => (
          <li key={index}>
            <Names certificate={one} />
            <Problem {...one} />
          </li>
        ))}
      </ul>
      {omitted > 0 && (
        <p className={styles['quiet']}>
          <Plural value={omitted} one="# more is left out." other="# more are left out." />
        </p>
      )}
    </details>
  );
}
