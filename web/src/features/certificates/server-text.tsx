import { CertificateText } from '../../components/certificate-text.js';

/** A sentence that the server has written; those are in English. It may quote a certificate. */
export function ServerText({ text }: { readonly text: string }) {
  return (
    <span lang="en">
      <CertificateText text={text} />
    </span>
  );
}
