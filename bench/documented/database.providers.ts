import { DataSource, DefaultNamingStrategy } from 'typeorm';

import { AuditEvent } from './entities/audit-event.entity.js';
import { Credential } from './entities/credential.entity.js';
import { Policy } from './entities/policy.entity.js';
import { User } from './entities/user.entity.js';

class SnakeCaseNames extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string | undefined): string {
    return customName ?? propertyName.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  }
}

/** The recipe "SQL (TypeORM)" of the NestJS documentation, with the tables of certkeep. */
export const databaseProviders = [
  {
    provide: DataSource,
    useFactory: async () =>
      await new DataSource({
        type: 'postgres',
        url: process.env['DATABASE_URL'] ?? '',
        entities: [Credential, User, Policy, AuditEvent],
        namingStrategy: new SnakeCaseNames(),
        poolSize: 10,
      }).initialize(),
  },
];
