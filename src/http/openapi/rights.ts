import { permissionToWire } from '../../common/permission.js';
import type { Operation } from './error-responses.js';

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
