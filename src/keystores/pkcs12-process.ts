import '../x509/pkcs12/node-crypto.js';
import { readPkcs12, readPkcs12Leaf } from '../x509/pkcs12/read-pkcs12.js';
import type { Pkcs12Request } from './pkcs12-child.js';

// A separate program that handles one request at a time. When the server ends, the channel closes and the process
// exits.
process.on('message', ({ file, password, now, wanted }: Pkcs12Request) => {
  const read = wanted === 'leaf' ? readPkcs12Leaf : readPkcs12;
  process.send?.(read(Buffer.from(file), password, now));
});
process.send?.('ready');
