import { Trans, useLingui } from '@lingui/react/macro';

import type { AuditEventResource, ValueChangeResource } from '../../api/generated/types.gen.js';
import { CertificateText } from '../../components/certificate-text.js';

import styles from './audit.module.css';

/** As many are shown without being asked for. */
const SHOWN = 4;

type Entries = readonly (readonly [string, ValueChangeResource])[];

export function Changes({ changes }: { readonly changes: NonNullable<AuditEventResource['changes']> }) {
  const entries = Object.entries(changes);
  if (entries.length <= SHOWN) return <List entries={entries} />;
  return (
    <>
      <List entries={entries.slice(0, SHOWN)} />
      <details>
        <summary>
          <Trans>{entries.length - SHOWN} more</Trans>
        </summary>
        <List entries={entries.slice(SHOWN)} />
      </details>
    </>
  );
}

function List({ entries }: { readonly entries: Entries }) {
  if (entries.length === 0) return null;
  return (
    <ul className={styles['changes']}>
      {entries.map(([member, { from, to }]) => (
        <li key={member}>
          <code>{member}</code>
          {from === undefined && to === undefined ? (
            <Trans>changed; the value is not shown</Trans>
          ) : (
            <span>
              <Value value={from} /> <Arrow /> <Value value={to} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

function Arrow() {
  const { t } = useLingui();
  return (
    <>
      <span aria-hidden="true">→</span>
      <span className="visually-hidden">{t`to`}</span>
    </>
  );
}

function Value({ value }: { readonly value: ValueChangeResource['from'] }) {
  if (value === undefined) {
    return (
      <span className={styles['quiet']}>
        <Trans>nothing</Trans>
      </span>
    );
  }
  return <CertificateText text={typeof value === 'string' ? value : JSON.stringify(value)} />;
}
