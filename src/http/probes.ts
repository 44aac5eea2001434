/** The routes that orchestrators and Prometheus ask every few seconds, also while the server is overloaded. */
export function isProbe(path: string): boolean {
  return path.startsWith('/health/') || path === '/metrics';
}
