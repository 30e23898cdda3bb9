import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/** What the page in the browser says. Plain text; it is escaped here. */
export interface PageText {
  readonly title: string;
  readonly text: string;
  readonly failed?: boolean;
}

const STYLE =
  ':root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:34rem;margin:18vh auto 0;padding:0 1.5rem}h1{font-size:1.15rem;font-weight:600;margin:0 0 .5rem}p{margin:0}';
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** A page that loads, runs and sends nothing. Its address holds the code, so no referrer leaves it and nothing keeps it. */
export function answerPage(response: ServerResponse, status: number, { title, text }: PageText): void {
  const body = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)} · Drawbridge</title><style>${STYLE}</style>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(text)}</p>
</html>
`;
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
    'Cross-Origin-Opener-Policy': 'same-origin',
    Connection: 'close',
  });
  response.end(body);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
