import { CLIENT, LAPTOP, PHONE, STRICT, TABLET, TOLERANT, USER } from './demo-data.js';

export interface DemoTokens {
  readonly administrator: string;
  readonly user: string;
  readonly expires: Date;
}

interface TlsAddress {
  /** `https://127.0.0.1:3443` */
  readonly address: string;
  /** The certificate of the server. */
  readonly certificateFile: string;
}

/** Returns the text to print, once it is known where the server listens. */
export type QuickStart = (address: string, tls: TlsAddress) => string;

export interface QuickStartContext {
  /** `http://127.0.0.1:3000` */
  readonly address: string;
  readonly tls: TlsAddress;
  /** Contains the files that the commands send. */
  readonly folder: string;
  /** Contains all data of the embedded mode. */
  readonly dataDirectory: string;
  /** The user's password. */
  readonly password: string;
  readonly tokens: DemoTokens;
  /** Of the laptop's certificate. */
  readonly serial: string;
  /** Whether the server serves the console and self-service. */
  readonly hasPages: boolean;
}

/**
 * The text that is printed for a person who tries certkeep out: commands for any POSIX shell, including zsh. They need
 * only curl and the Node that npm uses; commands to paste are indented by two spaces.
 */
export function quickStart(context: QuickStartContext): string {
  const { address, tls, folder, dataDirectory, password, tokens } = context;
  const until = `${tokens.expires.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `
To try it out: client ${CLIENT.extId} has the policies "${STRICT.extId}" and "${TOLERANT.extId}", and the user ${USER.extId}
with three certificates: "${LAPTOP.extId}" under the first, "${PHONE.extId}" and "${TABLET.extId}" under the second.
${context.hasPages ? links(context) : ''}Paste this into a second terminal; the tokens are valid until ${until}:

${assignments({ address, tls, folder, password, tokens })}

1. Read a credential:

  curl -sSw "$STATUS" -H "$ADMIN" "$CERTIFICATES/${LAPTOP.extId}" | show

2. Replace its certificate (repeating this changes nothing):

  curl -sSw "$STATUS" -X PATCH -H "$ADMIN" -H "$JSON" \\
    --data "@$DEMO/good.json" "$CERTIFICATES/${LAPTOP.extId}" | show

3. Log in with it; in the TLS handshake, curl proves that it has the private key:

  curl -sSw "$STATUS" -X POST -H "$ADMIN" --cacert "$SERVER" \\
    --cert "$DEMO/good.pem" --key "$DEMO/good.key" "$LOGINS" | show

4. Check a bad certificate against the strict policy, without writing anything:

  curl -sSw "$STATUS" -X PATCH -H "$ADMIN" -H "$JSON" \\
    --data "@$DEMO/bad.json" "$CERTIFICATES/${LAPTOP.extId}?dryRun=true" | show

5. Send a change that is based on the old version 1:

  curl -sSw "$STATUS" -X PATCH -H "$ADMIN" -H "$JSON" \\
    --data "@$DEMO/stale.json" "$CERTIFICATES/${LAPTOP.extId}" | show

6. As ${USER.extId}: exchange her password for an X-Token, and replace her certificate (without an X-Token: 401):

  JANES_X_TOKEN="X-Token: $(curl -sSw "$STATUS" -H "$JANE" -H "$JSON" \\
    --data "$JANES_LOGIN" "$LOGIN" | member access_token)"
  curl -sSw "$STATUS" -X PATCH -H "$JANE" -H "$JANES_X_TOKEN" -H "$JSON" \\
    --data "@$DEMO/own.json" "$CERTIFICATES/${PHONE.extId}" | show

7. See who changed the first certificate, and when:

  curl -sSw "$STATUS" -H "$ADMIN" "$CERTIFICATES/${LAPTOP.extId}/history" | show

8. In the folder of certkeep, explain why a certificate with the right issuer name but the wrong signature is not trusted:

  npm run -s explain -- "$DEMO/forged.pem" --anchors "$DEMO/cas"

All routes: ${address}/api/docs
More tokens: npm run -s token -- --help
To start over: stop certkeep and remove ${dataDirectory}`;
}

/** The token is in the fragment, which browsers do not send to servers. */
function links({ address, tokens, password, serial, folder }: QuickStartContext): string {
  return `
In a browser, as the administrator:

  ${address}/console/#token=${tokens.administrator}

There, press Ctrl K and paste the serial number of the laptop's certificate: ${serial}
The tablet's certificate was refused. ${folder}/tablet.pem can replace it.

In a browser, as ${USER.extId} (her password: ${password}):

  ${address}/my/#token=${tokens.user}

`;
}

type Assigned = Pick<QuickStartContext, 'address' | 'tls' | 'folder' | 'password' | 'tokens'>;

function assignments({ address, tls, folder, password, tokens }: Assigned): string {
  const login = JSON.stringify({ grant_type: 'password', username: USER.extId, password });
  return `  CERTIFICATES=${quoted(`${address}/nevisidm/api/core/v1/${CLIENT.extId}/users/${USER.extId}/certificates`)}
  LOGINS=${quoted(`${tls.address}/nevisidm/api/core/v1/${CLIENT.extId}/certificate-logins`)}
  SERVER=${quoted(tls.certificateFile)}
  LOGIN=${quoted(`${address}/nevisidm/api/principal/v1/token`)}
  DEMO=${quoted(folder)}
  ADMIN='Authorization: Bearer ${tokens.administrator}'
  JANE='Authorization: Bearer ${tokens.user}'
  JANES_LOGIN=${quoted(login)}
  JSON='Content-Type: application/json'
  STATUS='%{stderr}HTTP %{http_code}\\n'
  show() { node -p 'JSON.stringify(JSON.parse(require("fs").readFileSync(0)), null, 2)'; }
  member() { node -p 'JSON.parse(require("fs").readFileSync(0))[process.argv[1]]' "$1"; }`;
}

/** Quotes text for a POSIX shell: inside single quotes, only the next single quote has a meaning. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
