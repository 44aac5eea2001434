import { hash } from 'node:crypto';

import { encode } from '../../x509/der/encode.js';
import { Tag } from '../../x509/der/tag.js';
import { Crl } from '../../x509/revocation/crl.js';
import type { OcspResponse } from '../../x509/revocation/ocsp/ocsp-response.js';
import type { EvidenceKey } from './evaluation-message.js';
