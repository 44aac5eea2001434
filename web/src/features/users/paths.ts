export function userPath(clientExtId: string, userExtId: string): string {
  return `/console/${encodeURIComponent(clientExtId)}/users/${encodeURIComponent(userExtId)}`;
}

export function certificatePath(clientExtId: string, userExtId: string, extId: string): string {
  return `${userPath(clientExtId, userExtId)}/certificates/${encodeURIComponent(extId)}`;
}
