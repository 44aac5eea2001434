import { Trans, useLingui } from '@lingui/react/macro';

import type { AuditEventResource } from '../../api/generated/types.gen.js';
import { ChangedValue } from './changed-value.js';
import { type MemberChange, memberChanges } from './member-changes.js';
import { memberName } from './member-names.js';

import styles from './words.module.css';

/** As many are shown without being asked for. */
const SHOWN = 6;

/** Each member that changed, with both values. */
export function Changes({ changes }: { readonly changes: AuditEventResource['changes'] }) {
  const members = memberChanges(changes);
  if (members.length <= SHOWN) return <List members={members} />;
  return (
    <>
      <List members={members.slice(0, SHOWN)} />
      <details>
        <summary>
          <Trans>{members.length - SHOWN} more</Trans>
        </summary>
        <List members={members.slice(SHOWN)} />
      </details>
    </>
  );
}

function List({ members }: { readonly members: readonly MemberChange[] }) {
  const { i18n } = useLingui();
  if (members.length === 0) return null;
  return (
    <ul className={styles['changes']}>
      {members.map((change) => (
        <li key={change.member}>
          <span className={styles['quiet']}>{memberName(i18n, change.member)}: </span>
          <FromTo {...change} />
        </li>
      ))}
    </ul>
  );
}

function FromTo({ member, from, to }: MemberChange) {
  const { t } = useLingui();
  if (from === undefined && to === undefined) return <Trans>changed; the value is not shown</Trans>;
  return (
    <>
      {from !== undefined && (
        <>
          <del>
            <ChangedValue member={member} text={from} />
          </del>
          <span aria-hidden="true"> → </span>
          <span className="visually-hidden">{t`to`} </span>
        </>
      )}
      {to === undefined ? (
        <Trans>nothing</Trans>
      ) : (
        <ins>
          <ChangedValue member={member} text={to} />
        </ins>
      )}
    </>
  );
}
