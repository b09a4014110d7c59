import { privacyListSchema, siteQuerySchema } from '@watchpost/contracts/api';
import { privacyList } from '../../governance/privacy-due.ts';
import { sitesOf } from '../access.ts';
import type { Api } from '../api.ts';
import type { SiteView } from '../site-view.ts';

/** What is on record of looking for faces, and what of it is due. */
export function privacyRoute(app: Api, sites: ReadonlyMap<string, SiteView>, nowMs: () => number): void {
  app.get(
    '/api/v1/privacy',
    {
      config: { access: 'privacy.read', sites: 'each' },
      schema: { tags: ['site'], querystring: siteQuerySchema, response: { 200: privacyListSchema } },
    },
    async (request) =>
      privacyList(
        sitesOf(request).flatMap((id) => {
          const view = sites.get(id);
          return view ? [{ id, timeZone: view.directory.site.timeZone, privacy: view.privacy }] : [];
        }),
        nowMs(),
      ),
  );
}
