/** The forms in which proxies forward a client certificate (contract 15.1). */
export const CERTIFICATE_HEADER_FORMS = ['rfc9440', 'xfcc', 'nginx', 'haproxy', 'alb'] as const;

export type CertificateHeaderForm = (typeof CERTIFICATE_HEADER_FORMS)[number];
