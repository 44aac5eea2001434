/** In UTF-16 code units. The longest allowed password costs no more to hash than a short one. */
export const MAX_PASSWORD_LENGTH = 1024;
