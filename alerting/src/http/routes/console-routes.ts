import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from '../api.ts';

/** What tells how the console was built, and files whose name begins with a dot, are nobody’s business. */
function isHidden(path: string): boolean {
  let plain = path;
  try {
    plain = decodeURIComponent(path);
  } catch {
    return true;
  }
  return /(^|[/\\])\.|\.map$/i.test(plain);
}

/** Whether a browser asks for a page of the console whose address the console itself understands. */
function isPage(request: FastifyRequest): boolean {
  const path = request.url.split('?')[0] ?? '';
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  if (path.startsWith('/api/') || path.startsWith('/flows/') || extname(path) !== '') return false;
  if (isHidden(path)) return false;
  return request.headers.accept?.includes('text/html') ?? false;
}

/**
 * Serves the built console from a folder. Returns what answers addresses that are no route: a page of the
 * console, or `false` when it is none.
 */
export async function consoleRoutes(
  app: Api,
  folder: string | undefined,
): Promise<(request: FastifyRequest, reply: FastifyReply) => boolean> {
  if (folder === undefined || !existsSync(join(folder, 'index.html'))) return () => false;
  await app.register(fastifyStatic, {
    root: folder,
    serve: false,
    cacheControl: false,
    // `.br` and `.gz` beside a file, made when the console is built.
    preCompressed: true,
    dotfiles: 'ignore',
    setHeaders: (reply, path) => {
      // Built assets carry a hash of their content in their names.
      const isAsset = path.startsWith(join(folder, 'assets'));
      reply.header('cache-control', isAsset ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.get<{ Params: { '*': string } }>(
    '/*',
    { config: { access: 'public' }, schema: { hide: true } },
    (request, reply) => {
      const path = request.params['*'];
      if (path.startsWith('api/') || isHidden(path)) return reply.callNotFound();
      return reply.sendFile(path === '' ? 'index.html' : path);
    },
  );
  return (request, reply) => {
    if (!isPage(request)) return false;
    void reply.code(200).sendFile('index.html');
    return true;
  };
}
