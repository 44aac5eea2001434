import { Fragment } from 'react';

/** Text of the server's source, in which only code is marked. */
export function MarkdownText({ text }: { readonly text: string }) {
  return text
    .split('`')
    .map((part, index) =>
      index % 2 === 1 ? <code key={index}>{part}</code> : <Fragment key={index}>{part}</Fragment>,
    );
}
