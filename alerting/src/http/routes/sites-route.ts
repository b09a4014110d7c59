import { siteListSchema } from '@watchpost/contracts/api';
import { sessionOf } from '../access.ts';
import type { Api } from '../api.ts';
import type { SiteView } from '../site-view.ts';

/** The sites that the person may see. */
export function sitesRoute(app: Api, sites: ReadonlyMap<string, SiteView>): void {
  app.get(
    '/api/v1/sites',
    {
      config: { access: 'session', tokens: true },
      schema: { tags: ['site'], response: { 200: siteListSchema } },
    },
    async (request) => ({
      sites: sessionOf(request).sites.flatMap(({ site, role }) => {
        const view = sites.get(site);
        if (!view) return [];
        const { id, name, timeZone } = view.directory.site;
        return [{ id, name, timeZone, role }];
      }),
    }),
  );
}
