import type { ClaimNames } from '../common/actor.js';
import type { SettingName } from '../config/setting-texts.js';

interface ClaimText {
  /** What names the claim, or what it must be. */
  readonly setting?: SettingName;
  readonly type: string;
  readonly meaning: string;
  readonly absent: string;
  readonly malformed: string;
  readonly example?: unknown;
}

type StandardClaim = 'iss' | 'aud' | 'exp' | 'nbf' | 'sub';

const REFUSED = '401';

/**
 * The claims that the server reads, for docs/reference/token-claims.md, in Markdown. A claim that gets a name of its own
 * does not compile without its text.
 */
export const CLAIM_TEXTS = {
  iss: {
    setting: 'JWT_ISSUER',
    type: 'text',
    meaning: 'who issued the token; must equal the setting',
    absent: REFUSED,
    malformed: REFUSED,
    example: 'https://login.acme.example',
  },
  aud: {
    setting: 'JWT_AUDIENCE',
    type: 'text, or list of texts',
    meaning: 'whom the token is for; must equal the setting, or contain it',
    absent: REFUSED,
    malformed: REFUSED,
    example: 'certkeep',
  },
  exp: {
    type: 'number, seconds since 1970',
    meaning: 'when the token ends; the clocks may differ by 60 s',
    absent: REFUSED,
    malformed: REFUSED,
    example: 1_780_318_800,
  },
  nbf: {
    type: 'number, seconds since 1970',
    meaning: 'when the token begins to be valid; the clocks may differ by 60 s',
    absent: 'valid at once',
    malformed: REFUSED,
  },
  sub: {
    type: 'text of 1 to 255 characters, without control characters',
    meaning: 'the caller; for users who act on their own record, the `extId` of their user',
    absent: REFUSED,
    malformed: REFUSED,
    example: 'jane.doe',
  },
  client: {
    setting: 'JWT_CLAIM_CLIENT',
    type: 'text of 1 to 255 characters, without control characters',
    meaning: "the `extId` of the caller's own client",
    absent: REFUSED,
    malformed: REFUSED,
    example: '100',
  },
  roles: {
    setting: 'JWT_CLAIM_ROLES',
    type: 'list of texts, or one text of words separated by blanks',
    meaning: 'names out of the [table of roles](roles-and-rights.md); others are ignored',
    absent: 'no roles',
    malformed: 'no roles, and a warning; entries of a list that are no texts are ignored',
    example: ['nevisIdm.UserAdmin'],
  },
  permissions: {
    setting: 'JWT_CLAIM_PERMISSIONS',
    type: 'list of texts, or one text of words separated by blanks',
    meaning: 'further [rights](roles-and-rights.md), with the prefix `AccessControl.`; other words are ignored',
    absent: 'no further rights',
    malformed: 'no further rights, and a warning; entries of a list that are no texts are ignored',
    example: 'openid AccessControl.HistoryView',
  },
  dataRoom: {
    setting: 'JWT_CLAIM_DATA_ROOM',
    type: 'object whose member `clients` is a list of texts',
    meaning: 'the clients that the caller reaches; `["*"]` means every client',
    absent: "the caller's own client only; the same if the object has no `clients`",
    malformed:
      'no client at all, and a warning; a `*` beside other entries, or an entry that cannot be an `extId`, is ignored with a warning',
    example: { clients: ['100', '200'] },
  },
} as const satisfies Record<StandardClaim | keyof ClaimNames, ClaimText>;
