// The API: calls with the token, problems as errors, and the stream of server-sent events.

const root = '/api/v1';
const key = 'telemt-token';
let asking = null;

export class ApiError extends Error {
  constructor(status, text) { super(text); this.status = status; }
}

function headers(more = {}) {
  const token = sessionStorage.getItem(key);
  return token ? { ...more, Authorization: `Bearer ${token}` } : more;
}

/** Asks for the token once, however many calls wait for it. */
function askToken(ask) {
  asking ??= ask().then(token => { sessionStorage.setItem(key, token); }).finally(() => { asking = null; });
  return asking;
}

let askFor = () => Promise.reject(new ApiError(401, 'a token is needed'));
export const onTokenNeeded = ask => { askFor = ask; };

async function send(path, options) {
  for (;;) {
    const response = await fetch(root + path, { ...options, headers: headers(options.headers), cache: 'no-store' });
    if (response.status === 401) { await askToken(() => askFor(sessionStorage.getItem(key) != null)); continue; }
    if (!response.ok) {
      const problem = await response.json().catch(() => ({}));
      throw new ApiError(response.status, problem.detail ?? problem.title ?? `HTTP ${response.status}`);
    }
    return response;
  }
}

export async function get(path) { return (await send(path, {})).json(); }

/** @returns the answer's document, or null when there is none. */
export async function edit(method, path, body, etag) {
  const more = {};
  if (body) more['Content-Type'] = 'application/json';
  if (etag) more['If-Match'] = etag;
  const response = await send(path, { method, headers: more, body: body && JSON.stringify(body) });
  return response.status === 204 ? null : response.json();
}

/** Follows the stream for ever: told of each event, and of losses with the seconds until the next try. */
export async function follow(onEvent, onLost) {
  for (let wait = 1; ; wait = Math.min(wait * 2, 15)) {
    const quiet = new AbortController();
    try {
      const response = await send('/stream', { signal: quiet.signal });
      // The status comes every second; a path that died in silence says nothing at all.
      let timer = setTimeout(() => quiet.abort(), 10000);
      let rest = '';
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        clearTimeout(timer);
        timer = setTimeout(() => quiet.abort(), 10000);
        wait = 1;
        const messages = (rest + value).split('\n\n');
        rest = messages.pop();
        for (const message of messages) {
          const name = /^event: (.*)$/m.exec(message)?.[1];
          const data = /^data: (.*)$/m.exec(message)?.[1];
          if (name && data) onEvent(name, JSON.parse(data));
        }
      }
      clearTimeout(timer);
    } catch (error) {
      if (error instanceof ApiError && error.status === 503) wait = 15;
    }
    await onLost(wait);
  }
}
