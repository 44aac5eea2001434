/** Sends requests to `base` with the token, and returns their answers. A refusal is an error. */
export function requestsTo(base, token) {
  return async (method, path, body, type = 'application/json') => {
    const sent = {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
      body: type === 'application/json' ? JSON.stringify(body) : body,
    };
    const answer = await fetch(base + path, sent);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text || '{}');
  };
}

/** Reads a path, and says in how many milliseconds. */
export async function timedRead(server, token, path) {
  const start = performance.now();
  const answer = await fetch(server.url + path, { headers: { authorization: `Bearer ${token}` } });
  const text = await answer.text();
  const milliseconds = performance.now() - start;
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${text.slice(0, 500)}`);
  return { milliseconds, body: JSON.parse(text) };
}
