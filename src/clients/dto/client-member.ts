import { isClientExternalId } from '../../common/external-id.js';
import { EXTERNAL_ID_SCHEMA } from '../../http/external-id-schema.js';
import { member } from '../../http/members.js';

/** The extId of a new client. Its path segment is shared with fixed segments of other routes (contract 2.2). */
export function clientExternalId(): PropertyDecorator {
  return member(
    {
      name: 'clientExternalId',
      test: (value) => typeof value === 'string' && isClientExternalId(value),
      message:
        'must be 1 to 50 characters from letters, digits and - @ . / _ : ( ) { } [ ] = ! ~ +, but not clients or system',
      schema: EXTERNAL_ID_SCHEMA,
    },
    { description: 'Generated if absent; never reused.', example: '100' },
  );
}
