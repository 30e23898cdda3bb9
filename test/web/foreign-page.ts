/** What a page managed. */
export interface Tried {
  readonly attempts: number;
  /** What could be read of an answer, by the way it was asked for. */
  readonly readable: string[];
  /** Statuses that scripts could see. */
  readonly statuses: number[];
  /** First words that came over a WebSocket. */
  readonly sockets: string[];
}

/** Runs inside a page: asks `target` in every way that pages have. Everything it needs is inside of it. */
export async function tryEverything({ target, token }: { target: string; token: string }): Promise<Tried> {
  const readable: string[] = [];
  const statuses: number[] = [];
  const sockets: string[] = [];
  let attempts = 0;
  const call =
    '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}';
  const within = <T>(work: Promise<T>): Promise<T | undefined> =>
    Promise.race([work, new Promise<undefined>((done) => setTimeout(() => done(undefined), 1500))]).catch(
      () => undefined,
    );
  const tell = (way: string, text: string): void => {
    if (text !== '') readable.push(`${way} of ${target}: ${text.slice(0, 60)}`);
  };

  const requests: [string, RequestInit][] = [];
  const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const authorization = `Bearer ${token}`;
  for (const mode of ['cors', 'no-cors', 'same-origin'] as RequestMode[]) {
    requests.push(
      [`GET ${mode}`, { mode }],
      [`POST text ${mode}`, { mode, method: 'POST', body: call, headers: { 'content-type': 'text/plain' } }],
      [`POST without type ${mode}`, { mode, method: 'POST', body: new Blob([call]) }],
      [
        `POST form ${mode}`,
        { mode, method: 'POST', body: new URLSearchParams({ call }), credentials: 'include' },
      ],
      [`POST json ${mode}`, { mode, method: 'POST', body: call, headers: json }],
      [`POST with token ${mode}`, { mode, method: 'POST', body: call, headers: { ...json, authorization } }],
    );
  }
  for (const method of ['DELETE', 'PUT', 'OPTIONS', 'HEAD'])
    requests.push([method, { method, headers: { authorization } }]);
  requests.push(['GET events', { headers: { accept: 'text/event-stream', authorization } }]);
  await Promise.all(
    requests.map(async ([way, init]) => {
      attempts++;
      const answer = await within(fetch(target, { redirect: 'manual', ...init }));
      if (!answer || answer.type === 'opaque') return;
      statuses.push(answer.status);
      if (answer.status !== 403) tell(way, `${answer.status} ${await answer.text()}`);
    }),
  );

  attempts++;
  navigator.sendBeacon(target, new Blob([call], { type: 'text/plain' }));

  attempts++;
  await within(
    new Promise<void>((done) => {
      const events = new EventSource(target, { withCredentials: true });
      events.onopen = () => tell('EventSource', 'open');
      events.onmessage = ({ data }) => tell('EventSource', String(data));
      setTimeout(() => {
        events.close();
        done();
      }, 300);
    }),
  );

  for (const first of [token, `${token} approver`]) {
    attempts++;
    await within(
      new Promise<void>((done) => {
        const socket = new WebSocket(target.replace('http', 'ws'));
        socket.onopen = () => socket.send(first);
        socket.onmessage = ({ data }) => {
          sockets.push(String(data));
          tell('WebSocket', String(data));
          done();
        };
        socket.onclose = () => done();
      }),
    );
  }

  for (const [enctype, method] of [
    ['text/plain', 'post'],
    ['application/x-www-form-urlencoded', 'post'],
    ['multipart/form-data', 'post'],
    ['application/x-www-form-urlencoded', 'get'],
  ] as const) {
    attempts++;
    const frame = document.createElement('iframe');
    frame.name = `frame${attempts}`;
    document.body.append(frame);
    const form = document.createElement('form');
    Object.assign(form, { action: target, method, enctype, target: frame.name });
    const field = document.createElement('input');
    Object.assign(field, { name: call.slice(0, -1), value: '}' });
    form.append(field);
    document.body.append(form);
    const loaded = new Promise((done) => {
      frame.onload = done;
    });
    form.submit();
    await within(loaded);
    const same = new URL(target).origin === location.origin;
    if (!same) tell(`form ${enctype}`, frame.contentDocument?.body?.textContent ?? '');
    form.remove();
    frame.remove();
  }

  for (const tag of ['img', 'script', 'link'] as const) {
    attempts++;
    const element = document.createElement(tag);
    if (element instanceof HTMLLinkElement) Object.assign(element, { rel: 'stylesheet', href: target });
    else element.src = target;
    await within(
      new Promise<void>((done) => {
        element.onload = () => {
          tell(tag, 'loaded');
          done();
        };
        element.onerror = () => done();
        document.body.append(element);
      }),
    );
    element.remove();
  }
  return { attempts, readable, statuses, sockets };
}
