import { permissionToWire } from '../../common/permission.js';
import type { Operation } from './error-responses.js';

/** The name of the scheme in the document; the header is `X_TOKEN_FIELD`. */
export const X_TOKEN_SCHEME = 'xToken';

export const X_TOKEN_DESCRIPTION =
  'The raw `access_token` of `POST /nevisidm/api/principal/v1/token`. Needed beside the bearer token for most changes by ' +
  'callers with `SelfAdmin` alone; verified wherever it is sent.';

const AND = new Intl.ListFormat('en-GB', { type: 'conjunction' });

const SELF_ADMIN = `\`${permissionToWire('SelfAdmin')}\` for the caller's own user`;

/** Adds the required rights to the description in words, because most tools do not show extensions. */
export function addRights(operation: Operation): void {
  const paragraphs = [operation.description, rightsOf(operation)];
  operation.description = paragraphs.filter((paragraph) => paragraph !== undefined).join('\n\n');
}

function rightsOf(operation: Operation): string | undefined {
  if (operation.security === undefined) return undefined;
  const permissions = operation['x-permissions'];
  if (permissions === undefined) return 'Requires a token, but no permission.';
  const needed = `Requires ${AND.format(permissions.map((permission) => `\`${permission}\``))}`;
  switch (operation['x-self-admin']) {
    case 'allowed':
      return `${needed}, or ${SELF_ADMIN}.`;
    case 'withXToken':
      return `${needed}, or ${SELF_ADMIN} with an X-Token.`;
    default:
      return `${needed}.`;
  }
}
