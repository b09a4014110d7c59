import type { FastifyInstance } from 'fastify';

/** The console: nothing from elsewhere, no inline script, in nobody's frame. */
const consolePolicy = [
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

/** Node-RED's editor needs inline scripts and evaluation; it may be framed by the console. */
const flowsPolicy = [
  "default-src 'self' data: blob:",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'self'",
  "frame-ancestors 'self'",
].join('; ');

/** Sets the headers that every answer carries. Set when the answer leaves, so that a proxied one cannot loosen them. */
export function addSecurityHeaders(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply) => {
    const isFlows = request.routeOptions.config?.access === 'flows.use';
    reply.header('content-security-policy', isFlows ? flowsPolicy : consolePolicy);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'same-origin');
    reply.header('cross-origin-opener-policy', 'same-origin');
    reply.header('x-frame-options', isFlows ? 'SAMEORIGIN' : 'DENY');
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control')) {
      reply.header('cache-control', 'no-store');
    }
  });
}
