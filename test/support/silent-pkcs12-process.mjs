// Replaces the program that reads PKCS#12 files, and never reports that it is ready.
process.on('message', () => undefined);
