export function releaseSection(changelog: string, version: string, day: string): string;
