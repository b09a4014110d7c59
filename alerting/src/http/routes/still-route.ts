import { siteQuerySchema, stillRequestSchema } from '@watchpost/contracts/api';
import { deviceIdSchema } from '@watchpost/contracts/wire';
import { z } from 'zod';
import { personOf } from '../../governance/person.ts';
import { stillPolicy } from '../../stills/policy.ts';
import type { Stills } from '../../stills/stills.ts';
import { sessionOf, siteOf } from '../access.ts';
import type { Api } from '../api.ts';

/** A picture of a camera, while a site is set up. */
export function stillRoute(app: Api, stills: Stills): void {
  app.post(
    '/api/v1/cameras/:id/still',
    {
      config: {
        ...{ access: 'site.edit', sites: 'one', audited: 'still_viewed', auditedKind: 'camera' },
        // Whoever looks says why, with their name.
        person: true,
        rateLimit: { max: stillPolicy.perMinute, timeWindow: 60_000 },
      },
      schema: {
        ...{ tags: ['site'], querystring: siteQuerySchema, body: stillRequestSchema },
        params: z.strictObject({ id: deviceIdSchema }),
      },
    },
    async (request, reply) => {
      const who = personOf(sessionOf(request));
      const picture = await stills.look(who, siteOf(request), request.params.id, request.body.reason);
      return reply
        .type('image/jpeg')
        .header('cache-control', 'no-store')
        .header('x-content-type-options', 'nosniff')
        .send(Buffer.from(picture));
    },
  );
}
