import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';

import { Select, TextArea } from '../../components/field.js';
import { FileDrop } from '../../components/file-drop.js';
import {
  type CertificateFile,
  type FileFault,
  MAX_FILE_BYTES,
  readCertificateFile,
  readCertificateText,
} from './certificate-file.rules.js';

import styles from './upload.module.css';

interface CertificateInputProps {
  /** One PEM block, or undefined where there is none (yet). */
  readonly onCertificate: (pem: string | undefined) => void;
}

/** A certificate out of a file or a pasted text. Private keys do not leave the browser. */
export function CertificateInput({ onCertificate }: CertificateInputProps) {
  const { t } = useLingui();
  const faults = useFaults();
  const [read, setRead] = useState<CertificateFile>();
  const [chosen, setChosen] = useState(0);
  const [text, setText] = useState('');
  const [fileName, setFileName] = useState<string>();
  const take = (found: CertificateFile | undefined) => {
    setRead(found);
    setChosen(0);
    onCertificate(found?.fault === undefined ? found?.certificates[0] : undefined);
  };
  const takeFile = async (file: File) => {
    setFileName(file.name);
    setText('');
    // What is too large is not read at all.
    take(
      file.size > MAX_FILE_BYTES
        ? { fault: 'tooLarge' }
        : readCertificateFile(new Uint8Array(await file.arrayBuffer())),
    );
  };
  const count = read?.fault === undefined ? (read?.certificates.length ?? 0) : 0;
  return (
    <div className={styles['input']}>
      <FileDrop
        label={<Trans>Drop a certificate here, or choose a file</Trans>}
        help={<Trans>PEM, CRT, CER or DER</Trans>}
        onFiles={([file]) => {
          if (file !== undefined) void takeFile(file);
        }}
      />
      <TextArea
        label={<Trans>Or paste it</Trans>}
        placeholder="-----BEGIN CERTIFICATE-----"
        spellCheck={false}
        autoComplete="off"
        rows={4}
        value={text}
        error={read?.fault === undefined ? undefined : faults[read.fault]}
        onChange={(event) => {
          setText(event.target.value);
          setFileName(undefined);
          take(event.target.value.trim() === '' ? undefined : readCertificateText(event.target.value));
        }}
      />
      {fileName !== undefined && (
        <p className={styles['quiet']}>
          <Trans>
            From the file <bdi>{fileName}</bdi>
          </Trans>
        </p>
      )}
      {read?.fault === undefined && read?.hadPrivateKey === true && (
        <p className={styles['warning']} role="status">
          <Trans>There is a private key beside the certificate. It stays in your browser and is not sent.</Trans>
        </p>
      )}
      {read?.fault === undefined && count > 1 && (
        <Select
          label={<Plural value={count} one="# certificate was found" other="# certificates were found" />}
          help={t`The certificate of the user usually comes first, the authorities after it.`}
          value={chosen}
          onChange={(event) => {
            const index = Number(event.target.value);
            setChosen(index);
            onCertificate(read?.certificates[index]);
          }}
        >
          {read?.certificates.map((_, index) => (
            <option key={index} value={index}>
              {t`Certificate ${index + 1}`}
            </option>
          ))}
        </Select>
      )}
    </div>
  );
}

function useFaults(): Readonly<Record<FileFault, string>> {
  const { t } = useLingui();
  return {
    empty: t`The file is empty.`,
    tooLarge: t`The file is larger than 1 MiB. A certificate is much smaller: choose the file of the certificate.`,
    onlyPrivateKey: t`This is a private key. Keep it secret: it was not sent. Choose the file of the certificate.`,
    pkcs12: t`This is a PKCS#12 file (.p12, .pfx), which has a private key. It was not sent. Export the certificate alone, without the key.`,
    pkcs7: t`This is a PKCS#7 file (.p7b). Export the certificate as PEM or DER.`,
    csr: t`This is a request for a certificate. Send it to the authority, then come back with the certificate.`,
    noCertificate: t`There is no certificate in this. A PEM begins with -----BEGIN CERTIFICATE-----.`,
  };
}
