import { cameraTrialRequestSchema, cameraTrialSchema, siteQuerySchema } from '@watchpost/contracts/api';
import { personOf } from '../../governance/person.ts';
import type { CameraTrials } from '../../stills/camera-trials.ts';
import { stillPolicy } from '../../stills/policy.ts';
import { sessionOf, siteOf } from '../access.ts';
import type { Api } from '../api.ts';

/** A camera is tried before it is written. */
export function cameraTrialRoute(app: Api, trials: CameraTrials): void {
  app.post(
    '/api/v1/cameras/try',
    {
      config: {
        ...{ access: 'site.edit', sites: 'one', audited: 'camera_tried', person: true },
        // Cameras lock out after a few wrong passwords.
        rateLimit: { max: stillPolicy.trialsPerMinute, timeWindow: 60_000 },
      },
      schema: {
        ...{ tags: ['site'], querystring: siteQuerySchema, body: cameraTrialRequestSchema },
        response: { 200: cameraTrialSchema },
      },
    },
    async (request) => trials.run(personOf(sessionOf(request)), siteOf(request), request.body),
  );
}
