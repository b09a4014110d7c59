import { loadFiguresSchema, loadQuerySchema } from '@watchpost/contracts/api';
import { type LoadOptions, loadFigures } from '../../load/load-figures.ts';
import { loadPolicy } from '../../load/policy.ts';
import { siteOf } from '../access.ts';
import type { Api } from '../api.ts';

/** What the officers of a site had to deal with. */
export function loadRoute(app: Api, options: LoadOptions): void {
  app.get(
    '/api/v1/load',
    {
      // Of the whole site: who has only some of its zones would take a part for all.
      config: {
        ...({ access: 'response.review', sites: 'one' } as const),
        rateLimit: { max: loadPolicy.perMinute, timeWindow: 60_000 },
      },
      schema: { tags: ['load'], querystring: loadQuerySchema, response: { 200: loadFiguresSchema } },
    },
    async (request) => loadFigures(options, siteOf(request), request.query),
  );
}
