import type { FastifyInstance } from 'fastify';

/** The console: nothing from elsewhere, no inline script, in nobody's frame. */
export const consolePolicy = [
  "default-src 'self'",
  "script-src 'self'",
  // Components set style elements for themselves; a style cannot run code.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Node-RED's editor needs inline scripts and evaluation. It talks to its own origin only. */
export const flowsPolicy = [
  "default-src 'self' data: blob:",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers that every answer carries, those to malformed requests too. */
export const headersOf = (policy: string): Readonly<Record<string, string>> => ({
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
});

/** Sets them when the answer leaves, so that a proxied one cannot loosen them. */
export function addSecurityHeaders(app: FastifyInstance, policy: string): void {
  app.addHook('onSend', async (request, reply) => {
    reply.headers(headersOf(policy));
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control')) {
      reply.header('cache-control', 'no-store');
    }
  });
}
