import { isClientExternalId } from '../../common/external-id.js';
import { EXTERNAL_ID_SCHEMA } from '../../http/external-id-schema.js';
import { member } from '../../http/members.js';

/** The extId of a new client: it stands in paths where words of ours stand too (contract 2.2). */
export function clientExternalId(): PropertyDecorator {
  return member(
    {
      name: 'clientExternalId',
      test: (value) => typeof value === 'string' && isClientExternalId(value),
      message:
        'must be 1 to 50 characters out of letters, digits and - @ . / _ : ( ) { } [ ] = ! ~ +, and neither clients nor system',
      schema: EXTERNAL_ID_SCHEMA,
    },
    { description: 'Generated where it is absent; never given again.', example: '100' },
  );
}
