import { hash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** What `npm run build:web` writes; this file is compiled to `dist/src/pages`, and tests run it from `src/pages`. */
export const BUILT_PAGES = join(
  import.meta.dirname,
  '..',
  '..',
  ...(import.meta.filename.endsWith('.ts') ? ['dist', 'web'] : ['web']),
);

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The content codings that the build made, the smaller one first. */
const CODINGS = [
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
] as const;

export interface Representation {
  /** Absent: as it is. */
  readonly coding: string | undefined;
  readonly etag: string;
  readonly body: Buffer;
}

interface Asset {
  readonly mediaType: string;
  /** The last one is the file as it is. */
  readonly representations: readonly Representation[];
}

export interface BuiltPages {
  readonly index: string;
  /** By path below `/web/`. Their names contain a hash of their content. */
  readonly assets: ReadonlyMap<string, Asset>;
}

/** Reads all files once. Undefined if nothing was built. */
export function readBuiltPages(folder: string): BuiltPages | undefined {
  const index = join(folder, 'index.html');
  if (!existsSync(index)) return undefined;
  const assets = new Map<string, Asset>();
  for (const file of globSync('assets/*', { cwd: folder })) {
    const mediaType = MEDIA_TYPES[extname(file)];
    if (mediaType !== undefined) {
      assets.set(file.replaceAll('\\', '/'), { mediaType, representations: representationsOf(join(folder, file)) });
    }
  }
  return { index: readFileSync(index, 'utf8'), assets };
}

function representationsOf(path: string): readonly Representation[] {
  const coded = CODINGS.filter(({ suffix }) => existsSync(path + suffix));
  return [
    ...coded.map(({ name, suffix }) => representation(readFileSync(path + suffix), name)),
    representation(readFileSync(path), undefined),
  ];
}

/** Each coding is a representation with an ETag of its own (RFC 9110 section 8.8.3.3). */
export function representation(body: Buffer, coding: string | undefined): Representation {
  return { coding, etag: `"${hash('sha256', body, 'base64url').slice(0, 22)}"`, body };
}
