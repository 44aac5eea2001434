import { DefaultNamingStrategy } from 'typeorm';

/** `lastModified` in TypeScript is `last_modified` in SQL. */
export class SnakeCaseNames extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string | undefined): string {
    return customName ?? propertyName.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  }
}
