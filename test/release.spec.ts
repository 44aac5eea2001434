import { expect, test } from 'vitest';

import { releaseSection } from '../scripts/release.mjs';

const HEAD = '# Changelog\n\n## [Unreleased]\n';
const CHANGES = '### Added\n\n- A rule.\n';
const BEFORE = '\n## [0.1.0] - 2026-11-01\n\n### Added\n\n- Everything.\n';

test('a release turns the unreleased section into one with version and date, and keeps the earlier sections', () => {
  expect(releaseSection(`${HEAD}\n${CHANGES}${BEFORE}`, '0.2.0', '2026-12-01')).toBe(
    `${HEAD}\n## [0.2.0] - 2026-12-01\n\n${CHANGES}${BEFORE}`,
  );
});

test('the comment on the next version is left out', () => {
  expect(releaseSection(`${HEAD}\nThis will be version 0.1.0.\n\n${CHANGES}`, '0.1.0', '2026-12-01')).toBe(
    `${HEAD}\n## [0.1.0] - 2026-12-01\n\n${CHANGES}`,
  );
});

test.each([
  ['nothing is unreleased', `${HEAD}${BEFORE}`, '0.2.0', 'CHANGELOG.md has nothing under [Unreleased].'],
  ['there is no unreleased section', `# Changelog\n${BEFORE}`, '0.2.0', 'CHANGELOG.md has no section [Unreleased].'],
  [
    'the version was released before',
    `${HEAD}\n${CHANGES}${BEFORE}`,
    '0.1.0',
    'CHANGELOG.md has a section 0.1.0 already.',
  ],
])('a release is refused where %s', (_, changelog, version, message) => {
  expect(() => releaseSection(changelog, version, '2026-12-01')).toThrow(message);
});
