import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useState } from 'react';

import { Button } from '../../components/button.js';
import { TextArea } from '../../components/field.js';
import { FileDrop } from '../../components/file-drop.js';
import { type CertificateFile, certificateInText, type FileProblem, readCertificateFile } from './certificate-file.js';
import { Notice } from './notice.js';

import styles from './my.module.css';

export type ChosenCertificate = Extract<CertificateFile, { readonly ok: true }>;

/** Takes a certificate as a file or as text. Files are recognized by their content: telephones hide unknown endings. */
export function CertificateInput({ onChosen }: { readonly onChosen: (chosen: ChosenCertificate) => void }) {
  const { t } = useLingui();
  const [problem, setProblem] = useState<FileProblem>();
  const [text, setText] = useState('');
  const take = (read: CertificateFile) => {
    setProblem(read.ok ? undefined : read.problem);
    if (read.ok) onChosen(read);
  };
  return (
    <div className={styles['stack']}>
      <FileDrop
        label={<Trans>Choose your new certificate, or drop it here</Trans>}
        help={
          <Trans>
            The file often ends in .crt, .cer, .pem or .der. Do not choose a .p12 or .pfx file: it contains your private
            key.
          </Trans>
        }
        onFiles={([file]) => {
          if (file !== undefined) void readCertificateFile(file).then(take);
        }}
      />
      <details className={styles['details']}>
        <summary>
          <Trans>Paste the text instead</Trans>
        </summary>
        <div className={styles['stack']}>
          <TextArea
            label={t`The text of the certificate`}
            placeholder="-----BEGIN CERTIFICATE-----"
            rows={6}
            spellCheck={false}
            autoComplete="off"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <div className={styles['actions']}>
            <Button onClick={() => take(certificateInText(text))}>
              <Trans>Read it</Trans>
            </Button>
          </div>
        </div>
      </details>
      {problem !== undefined && <Problem problem={problem} />}
    </div>
  );
}

function Problem({ problem }: { readonly problem: FileProblem }) {
  const texts: Readonly<Record<FileProblem, ReactNode>> = {
    empty: <Trans>There is nothing in it.</Trans>,
    tooLarge: <Trans>It is too large to be a certificate.</Trans>,
    privateKey: (
      <Trans>
        It contains your private key. Nothing was sent. Keep this file to yourself, and choose the one that contains
        only the certificate.
      </Trans>
    ),
    keyStore: (
      <Trans>
        It contains your private key beside the certificate (a .p12 or .pfx file). Nothing was sent. Export the
        certificate alone, without the key, and choose that file.
      </Trans>
    ),
    request: (
      <Trans>
        It is a request for a certificate, not the certificate. Send it to whoever issues your certificates, and choose
        the file that they send back.
      </Trans>
    ),
    bundle: <Trans>It is a bundle of several certificates (.p7b). Export yours alone, and choose that file.</Trans>,
    noCertificate: <Trans>There is no certificate in it. Check whether you chose the right file.</Trans>,
    unreadable: <Trans>It cannot be read. Choose it again.</Trans>,
  };
  return <Notice tone="danger">{texts[problem]}</Notice>;
}
