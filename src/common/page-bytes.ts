/** What a page of a list is at most, as it is read from the database and as it is answered (contract 8.1). */
export const MAX_PAGE_BYTES = 4 * 1024 * 1024;
