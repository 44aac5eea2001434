/** Hands a text to the browser as a file. */
export function download(name: string, mediaType: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: mediaType }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

/** Of an extId, which may have characters that file names may not. */
export function fileName(extId: string, ending: string): string {
  return `${extId.replaceAll(/[^\w.@-]/g, '_')}.${ending}`;
}
