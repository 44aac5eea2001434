import { parseArgs } from 'node:util';

/** Reads the options of the command line, all of which are numbers, by their names and defaults. */
export function numericOptions(defaults) {
  const options = Object.entries(defaults).map(([name, value]) => [name, { type: 'string', default: String(value) }]);
  const { values } = parseArgs({ options: Object.fromEntries(options) });
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, toNumber(name, text)]));
}

function toNumber(name, text) {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) throw new Error(`--${name} must be a number.`);
  return number;
}
