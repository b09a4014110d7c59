import { photoAnswerSchema, photoViewRequestSchema } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { entryIdSchema } from '@watchpost/contracts/wire';
import { z } from 'zod';
import type { ListPhotos } from '../../governance/list-photos.ts';
import { personOf } from '../../governance/person.ts';
import { listsPolicy } from '../../governance/policy.ts';
import { sessionOf, sitesOf } from '../access.ts';
import type { Api } from '../api.ts';
import { orderOf } from './list-routes.ts';

/** None of them can be sent by a form of another web site. */
const photoTypes = [
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/heic',
  'image/heif',
  'application/octet-stream',
];

const index = z.coerce
  .number()
  .int()
  .min(0)
  .max(listsPolicy.photosAtMost - 1);
const rateLimit = { max: listsPolicy.perMinute.photos, timeWindow: 60_000 };
const tags = ['lists'];

/** Photos of entries: they pass through on their way to the enrolment, and are shown for a reason. */
export function listPhotoRoutes(app: Api, photos: ListPhotos): void {
  app.addContentTypeParser(
    photoTypes,
    { parseAs: 'buffer', bodyLimit: listsPolicy.photoBytes },
    (_request, body, done) => done(null, body),
  );
  app.post(
    '/api/v1/lists/:id/photos',
    {
      bodyLimit: listsPolicy.photoBytes,
      config: {
        ...{
          access: 'lists.propose',
          sites: 'each',
          zones: 'narrowed',
          audited: 'photo_added',
          bodyTypes: photoTypes,
        },
        rateLimit,
      },
      schema: {
        tags,
        params: z.strictObject({ id: entryIdSchema }),
        querystring: z.strictObject({
          version: z.coerce.number().int().min(1),
          /** In place of the photos that the entry has. */
          replace: z.enum(['true', 'false']).optional(),
        }),
        response: { 200: photoAnswerSchema },
      },
    },
    async (request) => {
      const { body, query } = request;
      if (!Buffer.isBuffer(body) || body.length === 0)
        throw new WatchpostError('api.content_type', { details: { expected: photoTypes.join(', ') } });
      return photos.add(orderOf(request, { version: query.version }), body, query.replace === 'true');
    },
  );
  app.post(
    '/api/v1/lists/:id/photos/:index/view',
    {
      config: {
        ...{ access: 'lists.read', sites: 'each', zones: 'narrowed', audited: 'photo_viewed' },
        // Whoever looks at a face says why, with their name.
        person: true,
        rateLimit,
      },
      schema: { tags, params: z.strictObject({ id: entryIdSchema, index }), body: photoViewRequestSchema },
    },
    async (request, reply) => {
      const { id, index: wanted } = request.params;
      const who = personOf(sessionOf(request));
      const photo = await photos.view(who, sitesOf(request), id, wanted, request.body.reason);
      return reply
        .type('image/jpeg')
        .header('cache-control', 'no-store')
        .header('x-content-type-options', 'nosniff')
        .send(Buffer.from(photo));
    },
  );
}
