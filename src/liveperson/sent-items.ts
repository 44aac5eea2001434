import { AppError, appError, collectErrors, type ErrorDetail, throwAll } from '../common/errors.js';
import { Secret } from '../common/secret.js';
import { bind } from '../http/bind.js';
import { isJsonObject } from '../http/json-body.js';
import { MAX_ITEMS, MAX_P12_BYTES, type SentKeyStore } from '../keystores/key-store.model.js';
import type { CertificateItemDto } from './certificate-item.dto.js';
import { readP12Bytes } from './p12-bytes.rules.js';

type ItemClass<Item extends CertificateItemDto> = new () => Item;

export interface Sent<Item extends CertificateItemDto> {
  readonly item: Item;
  readonly keyStore: SentKeyStore;
}

/** Reads all items, or throws all errors, each with the index of its item. */
export function readItems<Item extends CertificateItemDto>(type: ItemClass<Item>, body: unknown): Sent<Item>[] {
  if (!Array.isArray(body)) throw invalid('body', 'The body must be an array.');
  if (body.length === 0 || body.length > MAX_ITEMS) {
    throw invalid('body', `The body must be an array of 1 to ${MAX_ITEMS} items.`);
  }
  const errors: ErrorDetail[] = [];
  const items = body.flatMap((sent: unknown, index) => {
    const found: ErrorDetail[] = [];
    const item = collectErrors(found, () => readItem(type, sent));
    const numbered = found.map((detail) => ({ ...detail, index }));
    if (numbered[0]?.code === 'errors.payloadTooLarge') throwAll(numbered);
    errors.push(...numbered);
    return item ?? [];
  });
  throwAll(errors);
  return items;
}

export interface OneSent<Item extends CertificateItemDto> extends Sent<Item> {
  /** Whether it was sent in an array, so that its errors have an index. */
  readonly inArray: boolean;
}

/** L7: an object, or an array of one. */
export function readOneItem<Item extends CertificateItemDto>(type: ItemClass<Item>, body: unknown): OneSent<Item> {
  if (!Array.isArray(body)) return { ...readItem(type, body), inArray: false };
  if (body.length !== 1)
    throw invalid('body', 'On the path of a single certificate, the body must have exactly one item.');
  const [sent] = readItems(type, body);
  return { ...(sent as Sent<Item>), inArray: true };
}

function readItem<Item extends CertificateItemDto>(type: ItemClass<Item>, sent: unknown): Sent<Item> {
  if (!isJsonObject(sent)) throw invalid('body', 'An item must be an object.');
  const { p12, ...members } = sent;
  const read = readP12Bytes(p12, MAX_P12_BYTES);
  const errors: ErrorDetail[] = [];
  if (!read.ok) {
    const detail = { message: `p12 ${read.message}.`, field: 'p12' };
    // All details of one error must have the same status.
    if (read.tooLarge) throw appError({ code: 'errors.payloadTooLarge', ...detail });
    errors.push({ code: 'errors.invalidData', ...detail });
  }
  const item = collectErrors(errors, () => bind(type, members));
  throwAll(errors);
  // There were no errors.
  return { item: item as Item, keyStore: keyStoreOf(item as Item, (read as { bytes: Buffer }).bytes) };
}

export function keyStoreOf({ name, displayName, password }: CertificateItemDto, p12: Buffer): SentKeyStore {
  return { name, displayName, file: new Secret({ p12, password: password ?? undefined }) };
}

/** Removes the index from errors about a body with a single item. */
export async function withoutIndexInErrors<Result>(work: () => Promise<Result>): Promise<Result> {
  return await withDetails(work, unnumbered);
}

/** Like `withoutIndexInErrors`, for a form, in which the part with the p12 is named `file`. */
export async function withFormFields<Result>(work: () => Promise<Result>): Promise<Result> {
  return await withDetails(work, (detail) => {
    const { field, ...rest } = unnumbered(detail);
    return field === undefined ? rest : { ...rest, field: field === 'p12' ? 'file' : field };
  });
}

async function withDetails<Result>(
  work: () => Promise<Result>,
  change: (detail: ErrorDetail) => ErrorDetail,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof AppError ? error.withDetails(change) : error;
  }
}

function unnumbered(detail: ErrorDetail): ErrorDetail {
  const copy: Omit<ErrorDetail, 'index'> & { index?: number } = { ...detail };
  delete copy.index;
  return copy;
}

export function invalid(field: string, message: string): AppError {
  return appError({ code: 'errors.invalidData', message, field });
}
