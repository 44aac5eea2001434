import { expect, test } from 'vitest';

import { releaseSection } from '../scripts/release.mjs';

const HEAD = '# Changelog\n\n## [Unreleased]\n';
const CHANGES = '### Added\n\n- A rule.\n';
const BEFORE = '\n## [0.1.0] - 2026-11-01\n\n### Added\n\n- Everything.\n';

test('a release makes a section with its day out of what is unreleased, and leaves the sections before it', () => {
  expect(releaseSection(`${HEAD}\n${CHANGES}${BEFORE}`, '0.2.0', '2026-12-01')).toBe(
    `${HEAD}\n## [0.2.0] - 2026-12-01\n\n${CHANGES}${BEFORE}`,
  );
});

test('the line with the version to come is left out', () => {
  expect(releaseSection(`${HEAD}\nThis will be version 0.1.0.\n\n${CHANGES}`, '0.1.0', '2026-12-01')).toBe(
    `${HEAD}\n## [0.1.0] - 2026-12-01\n\n${CHANGES}`,
  );
});

test.each([
  ['nothing is unreleased', `${HEAD}${BEFORE}`, '0.2.0', 'CHANGELOG.md has nothing under [Unreleased].'],
  ['no section is called so', `# Changelog\n${BEFORE}`, '0.2.0', 'CHANGELOG.md has no section [Unreleased].'],
  ['the version was released', `${HEAD}\n${CHANGES}${BEFORE}`, '0.1.0', 'CHANGELOG.md has a section 0.1.0 already.'],
])('a release is refused where %s', (_, changelog, version, message) => {
  expect(() => releaseSection(changelog, version, '2026-12-01')).toThrow(message);
});
