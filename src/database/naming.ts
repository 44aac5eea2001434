import { DefaultNamingStrategy } from 'typeorm';

import { snakeCase } from './table.js';

export class SnakeCaseNames extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string | undefined): string {
    return customName ?? snakeCase(propertyName);
  }
}
