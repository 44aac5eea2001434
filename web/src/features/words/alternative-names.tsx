import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';

import type { AlternativeNameResource, AlternativeNameType } from '../../api/generated/types.gen.js';
import { CertificateText } from '../../components/certificate-text.js';

import styles from './words.module.css';

const TYPES: Readonly<Record<AlternativeNameType, MessageDescriptor>> = {
  dns: msg`DNS`,
  email: msg`E-mail`,
  uri: msg`URI`,
  ip: msg`IP address`,
  directoryName: msg`Directory name`,
  registeredId: msg`Registered ID`,
  otherName: msg`Other name`,
  x400Address: msg`X.400 address`,
  ediPartyName: msg`EDI party name`,
};

export function AlternativeNames({ names }: { readonly names: readonly AlternativeNameResource[] }) {
  const { i18n } = useLingui();
  return (
    <ul>
      {names.map(({ type, value }, index) => (
        <li key={index}>
          <span className={styles['quiet']}>{i18n._(TYPES[type])}</span> <CertificateText text={value} />
        </li>
      ))}
    </ul>
  );
}
