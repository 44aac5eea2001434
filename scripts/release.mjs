// Called by `npm version` after the change of package.json and before the commit: writes the new version to the other
// files, and turns the unreleased changes into a section of the changelog. docs/releasing.md describes the whole process.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const UNRELEASED = '## [Unreleased]\n';

/** The changelog with the unreleased changes in a section for `version`; throws where there are none. */
export function releaseSection(changelog, version, day) {
  if (changelog.includes(`## [${version}]`)) throw new Error(`CHANGELOG.md has a section ${version} already.`);
  const [before, after] = changelog.split(UNRELEASED);
  if (after === undefined) throw new Error('CHANGELOG.md has no section [Unreleased].');
  const [unreleased] = after.split(/^## \[/m);
  if (!unreleased.includes('\n- ')) throw new Error('CHANGELOG.md has nothing under [Unreleased].');
  const section = after.replace(/^\s*(?:This will be version .*\n\s*)?/, '');
  return `${before}${UNRELEASED}\n## [${version}] - ${day}\n\n${section}`;
}

function change(path, changed) {
  const file = join(ROOT, path);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, changed(text));
}

function release() {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  change('CHANGELOG.md', (text) => releaseSection(text, version, new Date().toISOString().slice(0, 10)));
  change('src/common/version.ts', (text) => text.replace(/'[^']*'/, `'${version}'`));
  change('docs/openapi.json', (text) => {
    const document = JSON.parse(text);
    document.info.version = version;
    return `${JSON.stringify(document, null, 2)}\n`;
  });
}

if (process.env.npm_lifecycle_event === 'version') {
  try {
    release();
  } catch (error) {
    process.stderr.write(`\n${error.message} Undo what npm changed: git restore package.json package-lock.json\n`);
    process.exit(1);
  }
}
