import { isLoopbackHost } from '../common/loopback.js';
import type { Environment } from './environment.js';
import { generatedSecret } from './generated-secrets.js';
import type { SettingName } from './setting-texts.js';
import type { TokenKeys, TokenSettings, XTokenSettings } from './settings.js';
import { publicKey, SECRET_BYTES, secretKey } from './signing-keys.js';

const HOURS_24 = 86_400;

const KEY_SETTINGS = ['JWT_JWKS_URL', 'JWT_PUBLIC_KEY_FILE', 'JWT_SECRET_FILE'] as const;

/** `generated` is the data directory of the embedded mode, which generates what is not set. */
export function readTokens(environment: Environment, generated: string | undefined): TokenSettings | undefined {
  const fallback = generated === undefined ? undefined : 'certkeep';
  const issuer = environment.text('JWT_ISSUER', fallback);
  const audience = environment.text('JWT_AUDIENCE', fallback);
  if (issuer === undefined) environment.problem('JWT_ISSUER is required.');
  if (audience === undefined) environment.problem('JWT_AUDIENCE is required.');
  const keys = readKeys(environment, generated);
  if (issuer === undefined || audience === undefined || keys === undefined) return undefined;
  return {
    keys,
    issuer,
    audience,
    claims: {
      client: environment.text('JWT_CLAIM_CLIENT', 'client_ext_id'),
      permissions: environment.text('JWT_CLAIM_PERMISSIONS', 'permissions'),
      roles: environment.text('JWT_CLAIM_ROLES', 'roles'),
      dataRoom: environment.text('JWT_CLAIM_DATA_ROOM', 'data_room'),
    },
  };
}

function readKeys(environment: Environment, generated: string | undefined): TokenKeys | undefined {
  const names = KEY_SETTINGS.filter((name) => environment.text(name) !== undefined);
  if (names.length > 1) {
    environment.problem(`${names.join(' and ')} are set; set exactly one.`);
    return undefined;
  }
  if (names[0] === 'JWT_JWKS_URL') return readJwksUrl(environment);
  const pem = environment.file('JWT_PUBLIC_KEY_FILE');
  if (pem !== undefined) {
    const key = publicKey(pem);
    if (typeof key !== 'string') return key;
    environment.problem(`JWT_PUBLIC_KEY_FILE: ${key}.`);
    return undefined;
  }
  const secret = secretFrom(environment, 'JWT_SECRET_FILE', generated, 'jwt');
  if (secret === undefined && names.length === 0) {
    environment.problem(`One of ${KEY_SETTINGS.join(', ')} is required.`);
  }
  return secret === undefined ? undefined : { key: secret, algorithms: ['HS256'] };
}

/** Anyone who can change the response can forge every token, so only TLS or this machine is accepted. */
function readJwksUrl(environment: Environment): TokenKeys | undefined {
  const text = environment.text('JWT_JWKS_URL') ?? '';
  const jwksUrl = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = jwksUrl?.protocol === 'https:' || (jwksUrl?.protocol === 'http:' && isLoopbackHost(jwksUrl.hostname));
  if (jwksUrl !== undefined && isSafe && jwksUrl.username === '' && jwksUrl.password === '') return { jwksUrl };
  environment.problem('JWT_JWKS_URL must be an https URL without credentials; http is allowed only for this machine.');
  return undefined;
}

export function readXToken(environment: Environment, generated: string | undefined): XTokenSettings | undefined {
  const seconds = environment.integer('X_TOKEN_SECONDS', 3600, 60, HOURS_24);
  const key = secretFrom(environment, 'X_TOKEN_SECRET_FILE', generated, 'x-token');
  if (key === undefined && environment.text('X_TOKEN_SECRET_FILE') === undefined) {
    environment.problem('X_TOKEN_SECRET_FILE is required.');
  }
  return key === undefined ? undefined : { key, seconds };
}

function secretFrom(environment: Environment, name: SettingName, generated: string | undefined, generatedName: string) {
  const set = environment.text(name) !== undefined;
  const bytes = set || generated === undefined ? environment.file(name) : generatedSecret(generated, generatedName);
  if (bytes === undefined) return undefined;
  const key = secretKey(bytes);
  if (key === undefined) environment.problem(`${name}: the secret has less than ${SECRET_BYTES} bytes.`);
  return key;
}
