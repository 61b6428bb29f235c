import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** As strict as the service's own: nothing inline, nothing from elsewhere but the API of `api`. */
const policy = (api: string): string =>
  `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: ${api}; connect-src 'self' ${api}; ` +
  `frame-src 'self' blob: ${api}; base-uri 'none'; form-action 'none'`;

export interface Hosting {
  url: string;
  stop: () => Promise<void>;
}

function file(folders: readonly string[], path: string): string | undefined {
  const places = folders.map((folder) => join(folder, normalize(path)));
  return places.find((place) => existsSync(place) && statSync(place).isFile());
}

/** Pass a request on to the service, so that page and API are one origin. */
function passOn(api: string, asked: IncomingMessage, answer: ServerResponse): void {
  const target = new URL(asked.url ?? '/', api);
  const out = request(target, { method: asked.method, headers: { ...asked.headers, host: target.host } }, (from) => {
    answer.writeHead(from.statusCode ?? 502, from.headers);
    from.pipe(answer);
  });
  out.on('error', () => answer.destroy());
  asked.on('error', () => out.destroy());
  asked.pipe(out);
}

/** Serve folders on a free port, with a strict policy that knows the service at `api`; `/api` here is the service too. */
export async function serve(api: string, folders: readonly string[]): Promise<Hosting> {
  const server: Server = createServer((asked, answer) => {
    const { pathname } = new URL(asked.url ?? '/', 'http://host');
    if (pathname.startsWith('/api/')) return passOn(api, asked, answer);
    const found = file(folders, pathname);
    if (found === undefined) return void answer.writeHead(404).end();
    answer.writeHead(200, {
      'Content-Type': TYPES[extname(found)] ?? 'application/octet-stream',
      'Content-Security-Policy': policy(api),
    });
    return void createReadStream(found).pipe(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
