// Stands in for the program that reads PKCS#12 files, and never says that it is ready.
process.on('message', () => undefined);
