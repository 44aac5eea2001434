/** The earlier names, for features that are not converted yet. */
export { AuditLogService as TrailService, type HistorySubject } from './audit-log.service.js';
export type { PastVersion } from './history.queries.js';
