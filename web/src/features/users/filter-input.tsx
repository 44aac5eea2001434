import { type ReactNode, useEffect, useRef, useState } from 'react';

import { SearchInput } from '../../components/field.js';

const PAUSE_MS = 300;

interface FilterInputProps {
  readonly label: ReactNode;
  readonly help?: ReactNode;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** A shorter text than this is not sent. */
  readonly minLength?: number;
  readonly tooShort?: ReactNode;
}

/** Takes what is typed as the filter after a pause, so that not each letter is a search. */
export function FilterInput({ label, help, value, onChange, minLength = 1, tooShort }: FilterInputProps) {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  useEffect(() => {
    // The address changed by itself (back, forward), not by what was typed here.
    if (value !== sent.current) setText(value);
    sent.current = value;
  }, [value]);
  const isTooShort = text.length > 0 && text.trim().length < minLength;
  const wanted = isTooShort ? '' : text.trim();
  const apply = () => {
    if (wanted === sent.current) return;
    sent.current = wanted;
    onChange(wanted);
  };
  const latest = useRef(apply);
  useEffect(() => {
    latest.current = apply;
  });
  useEffect(() => {
    const timer = setTimeout(() => latest.current(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  return (
    <SearchInput
      label={label}
      help={isTooShort ? (tooShort ?? help) : help}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') apply();
      }}
    />
  );
}
