import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';

import { ApiError } from '../../api/api-error.js';
import { TextArea, TextInput } from '../../components/field.js';
import { FileDrop } from '../../components/file-drop.js';
import { Section } from '../../components/page.js';
import { CertificateList } from './certificate-list.js';
import { type Block, type Blocks, blocksOf, contentOf, ROLES, type Role } from './pem-blocks.js';

import styles from './trust-anchors.module.css';

export interface SetValues extends Blocks {
  readonly name: string;
  readonly description: string;
}

interface SetFormProps {
  readonly values: SetValues;
  readonly onChange: (change: (values: SetValues) => SetValues) => void;
  readonly error: unknown;
  readonly readOnly: boolean;
}

export function SetForm({ values, onChange, error, readOnly }: SetFormProps) {
  const { t } = useLingui();
  const details = error instanceof ApiError ? error.details : [];
  const messageOf = (field: string) => details.find((detail) => detail.field === field)?.message;
  const titles: Readonly<Record<Role, string>> = { anchors: t`Anchors`, intermediates: t`Intermediates` };
  return (
    <>
      <div className={styles['basics']}>
        <TextInput
          label={t`Name`}
          value={values.name}
          maxLength={100}
          required
          disabled={readOnly}
          error={messageOf('name')}
          onChange={(event) => onChange((before) => ({ ...before, name: event.target.value }))}
        />
        <TextArea
          label={t`Description`}
          value={values.description}
          maxLength={1000}
          rows={2}
          disabled={readOnly}
          error={messageOf('description')}
          onChange={(event) => onChange((before) => ({ ...before, description: event.target.value }))}
        />
      </div>
      {ROLES.map((role) => (
        <Section key={role} title={titles[role]}>
          {!readOnly && <Adding {...{ role, values, onChange }} />}
          <CertificateList
            role={role}
            blocks={values[role]}
            readOnly={readOnly}
            onRemove={(block) => onChange((before) => without(before, block))}
            onMove={(block) => onChange((before) => added(without(before, block), otherThan(role), [block]))}
          />
        </Section>
      ))}
    </>
  );
}

interface Taken {
  readonly added: number;
  readonly present: number;
  /** Of files without a certificate, and of those with something else beside certificates. */
  readonly empty: readonly string[];
  readonly others: readonly string[];
}

function Adding({ role, values, onChange }: Pick<SetFormProps, 'values' | 'onChange'> & { readonly role: Role }) {
  const { t } = useLingui();
  const [taken, setTaken] = useState<Taken>();
  const take = async (files: readonly File[]) => {
    const read = await Promise.all(files.map(async (file) => ({ name: file.name, ...(await blocksOf(file)) })));
    const blocks = read.flatMap((file) => file.blocks);
    const count = added(values, role, blocks)[role].length - values[role].length;
    onChange((before) => added(before, role, blocks));
    setTaken({
      added: count,
      present: blocks.length - count,
      empty: read.filter((file) => file.blocks.length === 0).map(({ name }) => name),
      others: read.filter((file) => file.hasOthers && file.blocks.length > 0).map(({ name }) => name),
    });
  };
  return (
    <>
      <FileDrop
        label={role === 'anchors' ? t`Drop anchors here, or choose files` : t`Drop intermediates here, or choose files`}
        help={t`PEM bundles, or single certificates in DER`}
        accept=".pem,.crt,.cer,.der,.ca-bundle,application/x-pem-file,application/x-x509-ca-cert"
        multiple
        onFiles={(files) => void take(files)}
      />
      <div role="status">{taken !== undefined && <TakenText taken={taken} />}</div>
    </>
  );
}

function TakenText({ taken }: { readonly taken: Taken }) {
  const { i18n } = useLingui();
  const names = (files: readonly string[]) => new Intl.ListFormat(i18n.locale).format(files);
  return (
    <ul>
      <li>
        <Plural
          value={taken.added}
          _0="No certificate was added."
          one="# certificate was added. Save the set to keep it."
          other="# certificates were added. Save the set to keep them."
        />
      </li>
      {taken.present > 0 && (
        <li>
          <Plural
            value={taken.present}
            one="# certificate is in the set already."
            other="# certificates are in the set already."
          />
        </li>
      )}
      {taken.empty.length > 0 && (
        <li>
          <Trans>No certificate is in: {names(taken.empty)}</Trans>
        </li>
      )}
      {taken.others.length > 0 && (
        <li>
          <Trans>Only the certificates were taken, other contents were left out, from: {names(taken.others)}</Trans>
        </li>
      )}
    </ul>
  );
}

function otherThan(role: Role): Role {
  return role === 'anchors' ? 'intermediates' : 'anchors';
}

function without(values: SetValues, block: Block): SetValues {
  const isOther = (other: Block) => contentOf(other) !== contentOf(block);
  return { ...values, anchors: values.anchors.filter(isOther), intermediates: values.intermediates.filter(isOther) };
}

/** A certificate can be in a set once. */
function added(values: SetValues, role: Role, blocks: readonly Block[]): SetValues {
  const present = new Set([...values.anchors, ...values.intermediates].map(contentOf));
  const fresh = blocks.filter((block) => {
    const content = contentOf(block);
    if (present.has(content)) return false;
    present.add(content);
    return true;
  });
  return { ...values, [role]: [...values[role], ...fresh] };
}
