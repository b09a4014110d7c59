import { z } from 'zod';
import { platePage } from '../../plates/plate-page.ts';
import type { Plates } from '../../plates/plates.ts';
import { platePolicy } from '../../plates/policy.ts';
import type { Api } from '../api.ts';

/**
 * What somebody sees who opens the address of a plate with a phone: whether it is genuine. No log-in, and
 * nothing but what the plate itself says; the database is not asked.
 */
export function platePageRoute(app: Api, plates: Pick<Plates, 'isGenuine'>): void {
  app.get(
    '/a/:id',
    {
      config: {
        // A plate keeps the name that it was printed with; nothing here is anybody’s.
        ...{ access: 'public', anyHost: true },
        rateLimit: { max: platePolicy.perMinute.page, timeWindow: 60_000 },
      },
      schema: {
        hide: true,
        params: z.object({ id: z.string().max(64) }),
        querystring: z.object({ k: z.string().max(64).optional(), s: z.string().max(86).optional() }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { k = '', s = '' } = request.query;
      const isGenuine = plates.isGenuine({ id, kid: k, signature: s, host: request.headers.host ?? '' });
      const isChinese = /^zh\b/i.test(request.headers['accept-language'] ?? '');
      return reply
        .code(isGenuine ? 200 : 404)
        .type('text/html; charset=utf-8')
        .header('cache-control', 'no-store')
        .send(platePage(isGenuine ? id : undefined, isChinese ? 'zh-CN' : 'en'));
    },
  );
}
