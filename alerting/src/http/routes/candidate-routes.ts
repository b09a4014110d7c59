import {
  type AlertDetail,
  alertDetailSchema,
  candidateAnswerRequestSchema,
  candidateCardSchema,
  photoViewRequestSchema,
  thresholdReportQuerySchema,
  thresholdReportSchema,
} from '@watchpost/contracts/api';
import { type Instructions, instructionFor } from '@watchpost/contracts/site';
import { uuidSchema } from '@watchpost/contracts/wire';
import { z } from 'zod';
import type { Candidates } from '../../candidates/candidates.ts';
import { candidatePolicy } from '../../candidates/policy.ts';
import { thresholdReport } from '../../candidates/threshold-report.ts';
import { personOf } from '../../governance/person.ts';
import { listsPolicy } from '../../governance/policy.ts';
import type { Queryable } from '../../store/schema.ts';
import { sessionOf, sitesOf, zonesOf } from '../access.ts';
import type { Api } from '../api.ts';
import { alertToChange, seenAlert } from '../seen-alert.ts';
import type { SiteView } from '../site-view.ts';

/** What {@link candidateRoutes} needs. */
export interface CandidateRouteOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  readonly sites: ReadonlyMap<string, SiteView>;
  readonly candidates: Candidates;
  /** What is to be done about which alert of a site. */
  readonly instructions: (site: string) => Instructions;
}

const idParams = z.strictObject({ id: uuidSchema });
const index = z.coerce
  .number()
  .int()
  .min(0)
  .max(listsPolicy.photosAtMost - 1);
const permission = 'alerts.decide' as const;
const minute = (max: number) => ({ max, timeWindow: 60_000 });
/** Nothing of who it may be stays in a browser or on the way. */
const neverKept = ['cache-control', 'no-store'] as const;

/**
 * Face candidates: who it may be, its enrolled photos, the answer, and what the answers say of thresholds.
 */
export function candidateRoutes(app: Api, options: CandidateRouteOptions): void {
  const { db, nowMs, sites, candidates, instructions } = options;
  const all = [...sites.keys()];
  const { cards, report } = candidatePolicy.perMinute;
  app.get(
    '/api/v1/alerts/:id/candidate',
    {
      config: {
        ...{ access: 'alerts.read', sites: 'each', zones: 'narrowed', rateLimit: minute(cards) },
        ...{ audited: 'candidate_viewed', auditedKind: 'alert' },
      },
      schema: { tags: ['alerts'], params: idParams, response: { 200: candidateCardSchema } },
    },
    async (request, reply) => {
      const { id } = request.params;
      const alert = await seenAlert(db, request, { sites: sitesOf(request), all, id });
      reply.header(...neverKept);
      return candidates.card(personOf(sessionOf(request)), alert);
    },
  );
  app.post(
    '/api/v1/alerts/:id/candidate',
    {
      config: {
        ...{ access: permission, sites: 'each', zones: 'narrowed' },
        ...{ audited: 'candidate_answered', auditedKind: 'alert' },
      },
      schema: {
        tags: ['alerts'],
        params: idParams,
        body: candidateAnswerRequestSchema,
        response: { 200: alertDetailSchema },
      },
    },
    async (request): Promise<AlertDetail> => {
      const { id } = request.params;
      const alert = await alertToChange(db, request, { all, id, permission });
      const detail = await candidates.answer(personOf(sessionOf(request)), alert, request.body);
      const instruction = instructionFor(instructions(alert.site), detail.alert);
      return { ...detail, ...(instruction ? { instruction } : {}) };
    },
  );
  app.post(
    '/api/v1/alerts/:id/candidate/photos/:index/view',
    {
      config: {
        ...{ access: permission, sites: 'each', zones: 'narrowed' },
        ...{ audited: 'photo_viewed', auditedKind: 'alert' },
        rateLimit: minute(listsPolicy.perMinute.photos),
      },
      schema: {
        tags: ['alerts'],
        params: z.strictObject({ id: uuidSchema, index }),
        body: photoViewRequestSchema,
      },
    },
    async (request, reply) => {
      const { id, index: wanted } = request.params;
      const alert = await alertToChange(db, request, { all, id, permission });
      const who = personOf(sessionOf(request));
      const photo = await candidates.photo(who, alert, wanted, request.body.reason);
      return reply
        .type('image/jpeg')
        .header(...neverKept)
        .header('x-content-type-options', 'nosniff')
        .send(Buffer.from(photo));
    },
  );
  app.get(
    '/api/v1/threshold-report',
    {
      config: { access: 'lists.read', sites: 'each', zones: 'narrowed', rateLimit: minute(report) },
      schema: {
        tags: ['lists'],
        querystring: thresholdReportQuerySchema,
        response: { 200: thresholdReportSchema },
      },
    },
    async (request) =>
      thresholdReport(db, {
        ...{ sites: sitesOf(request), within: zonesOf(request), days: request.query.days, nowMs: nowMs() },
        zoneOf: (site, device) => sites.get(site)?.directory.device(device)?.zone,
      }),
  );
}
