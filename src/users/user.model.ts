export const LANGUAGES: readonly string[] = ['EN', 'DE', 'FR', 'IT'];
