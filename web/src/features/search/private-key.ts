/** Such a text is neither looked up nor put into the address: a private key must not leave the machine of its owner. */
export function mentionsPrivateKey(text: string): boolean {
  return /PRIVATE\s*KEY/i.test(text);
}
