/** Maximum size in bytes of a page of a list, both as read from the database and as sent (contract 8.1). */
export const MAX_PAGE_BYTES = 4 * 1024 * 1024;
