import { CLIENT, LAPTOP, PHONE, STRICT, TOLERANT, USER } from './demo-world.js';

export interface DemoTokens {
  readonly administrator: string;
  readonly user: string;
  readonly xToken: string;
  readonly expires: Date;
}

export interface StoryContext {
  /** `http://127.0.0.1:3000` */
  readonly address: string;
  /** Holds the files that the lines send. */
  readonly folder: string;
  /** Holds everything that the embedded mode keeps. */
  readonly dataDirectory: string;
  readonly tokens: DemoTokens;
}

/**
 * What is printed for a person who tries certkeep out: lines for any POSIX shell, zsh included. They need nothing but
 * curl and the Node that npm has brought them here with; two spaces in front mark what is to be pasted.
 */
export function demoStory({ address, folder, dataDirectory, tokens }: StoryContext): string {
  const until = `${tokens.expires.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `
To try it out: client ${CLIENT.extId} has the policies "${STRICT.extId}" and "${TOLERANT.extId}", and the user ${USER.extId}
with two certificates, "${LAPTOP.extId}" under the first and "${PHONE.extId}" under the second.
Paste this into a second terminal; its tokens hold until ${until}:

${assignments(address, folder, tokens)}

1. Read a credential:

  curl -sSw "$STATUS" -H "$ADMIN" "$CERTIFICATES/${LAPTOP.extId}" | show

2. Replace its certificate (once more, and nothing changes):

  curl -sSw "$STATUS" -X PATCH -H "$ADMIN" -H "$JSON" \\
    --data "@$DEMO/good.json" "$CERTIFICATES/${LAPTOP.extId}" | show

3. Ask what the strict policy would say to a bad one, without writing anything:

  curl -sSw "$STATUS" -X PATCH -H "$ADMIN" -H "$JSON" \\
    --data "@$DEMO/bad.json" "$CERTIFICATES/${LAPTOP.extId}?dryRun=true" | show

4. Come too late, with version 1:

  curl -sSw "$STATUS" -X PATCH -H "$ADMIN" -H "$JSON" \\
    --data "@$DEMO/stale.json" "$CERTIFICATES/${LAPTOP.extId}" | show

5. As ${USER.extId} herself, who needs her X-Token (without it: 401):

  curl -sSw "$STATUS" -X PATCH -H "$JANE" -H "$JANES_X_TOKEN" -H "$JSON" \\
    --data "@$DEMO/own.json" "$CERTIFICATES/${PHONE.extId}" | show

6. See who has changed the first one, and when:

  curl -sSw "$STATUS" -H "$ADMIN" "$CERTIFICATES/${LAPTOP.extId}/history" | show

All routes: ${address}/api/docs
More tokens: npm run -s token -- --help
To begin anew: stop certkeep and remove ${dataDirectory}`;
}

function assignments(address: string, folder: string, { administrator, user, xToken }: DemoTokens): string {
  return `  CERTIFICATES=${quoted(`${address}/nevisidm/api/core/v1/${CLIENT.extId}/users/${USER.extId}/certificates`)}
  DEMO=${quoted(folder)}
  ADMIN='Authorization: Bearer ${administrator}'
  JANE='Authorization: Bearer ${user}'
  JANES_X_TOKEN='X-Token: ${xToken}'
  JSON='Content-Type: application/json'
  STATUS='%{stderr}HTTP %{http_code}\\n'
  show() { node -p 'JSON.stringify(JSON.parse(require("fs").readFileSync(0)), null, 2)'; }`;
}

/** For a POSIX shell: nothing inside single quotes means anything but the next one. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
