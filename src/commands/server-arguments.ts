import { isClientExternalId } from '../common/external-id.js';
import { isLoopbackHost } from '../common/loopback.js';
import { StartError } from '../common/start-error.js';
import { UsageError } from './report.js';

// The arguments of commands that ask a server.

export function readClient(text: string | undefined): string {
  if (text === undefined || !isClientExternalId(text)) {
    throw new UsageError('--client must be the extId of a client, such as 100.');
  }
  return text;
}

export function readServerUrl(text: string): URL {
  const url = URL.parse(text);
  const isAllowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.hostname));
  if (url === null || !isAllowed || url.username !== '' || url.password !== '') {
    throw new UsageError('--server must be a URL with https, or with http to this machine, without a password in it.');
  }
  return url;
}

/** A setting of the command itself is an argument of it. */
export function asUsage<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw error instanceof StartError ? new UsageError(error.message) : error;
  }
}
