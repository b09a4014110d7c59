import {
  alertsAtOnce,
  type SeenAnswer,
  seenAnswerSchema,
  seenRequestSchema,
  seenUndoRequestSchema,
  siteQuerySchema,
  unseenSchema,
} from '@watchpost/contracts/api';
import type { FastifyRequest } from 'fastify';
import type { LiveFeed } from '../../live/live-feed.ts';
import type { Queryable } from '../../store/schema.ts';
import {
  countUnseen,
  forgetSeenRequest,
  markAllSeen,
  markSeen,
  type SeenMark,
} from '../../store/seen-store.ts';
import { sessionOf, sitesOf, zonesOf } from '../access.ts';
import type { Api } from '../api.ts';
import { seenPolicy } from '../policy.ts';

/** What {@link seenRoutes} needs. */
export interface SeenRouteOptions {
  readonly db: Queryable;
  readonly feed: Pick<LiveFeed, 'publish'>;
}

const tags = ['alerts'];
const reading = { access: 'alerts.read', sites: 'each', zones: 'narrowed', person: true } as const;
const marking = { ...reading, rateLimit: { max: seenPolicy.perMinute, timeWindow: 60_000 } } as const;

/**
 * What each person has seen: kept for that person, told to their own sessions and to nobody else. It is no
 * step of an alert.
 */
export function seenRoutes(app: Api, { db, feed }: SeenRouteOptions): void {
  const unseen = (request: FastifyRequest) =>
    countUnseen(db, sessionOf(request), sitesOf(request), zonesOf(request));

  /** Tells the person’s other sessions, and counts. */
  async function answer(
    request: FastifyRequest,
    marks: readonly SeenMark[],
    isForgotten: boolean,
  ): Promise<SeenAnswer> {
    const { account } = sessionOf(request);
    for (const site of sitesOf(request)) {
      const ofSite = marks.filter((mark) => mark.site === site);
      if (ofSite.length === 0) continue;
      const isMuch = ofSite.length > alertsAtOnce;
      const versions = isForgotten ? [] : ofSite.map(({ alert, version }) => [alert, version]);
      const payload = {
        site,
        versions: isMuch ? null : Object.fromEntries(versions),
        forgotten: isForgotten && !isMuch ? ofSite.map(({ alert }) => alert) : [],
      };
      feed.publish({ name: 'seen', site, payload, account });
    }
    return { changed: marks.length, unseen: await unseen(request) };
  }

  app.get(
    '/api/v1/alerts/seen',
    { config: reading, schema: { tags, querystring: siteQuerySchema, response: { 200: unseenSchema } } },
    async (request) => ({ unseen: await unseen(request) }),
  );
  app.post(
    '/api/v1/alerts/seen',
    {
      config: marking,
      schema: {
        tags,
        querystring: siteQuerySchema,
        body: seenRequestSchema,
        response: { 200: seenAnswerSchema },
      },
    },
    async (request) => {
      const { account, user } = sessionOf(request);
      const { id, alerts } = request.body;
      const marks: SeenMark[] = [];
      for (const site of sitesOf(request)) {
        const scope = { site, zones: zonesOf(request)[site] ?? null };
        const by = { account, user, request: id };
        marks.push(
          ...(alerts
            ? await markSeen(db, scope, by, alerts)
            : await markAllSeen(db, scope, by, seenPolicy.atMost)),
        );
      }
      return answer(request, marks, false);
    },
  );
  app.post(
    '/api/v1/alerts/seen/undo',
    {
      config: marking,
      schema: {
        tags,
        querystring: siteQuerySchema,
        body: seenUndoRequestSchema,
        response: { 200: seenAnswerSchema },
      },
    },
    async (request) => {
      const marks = await forgetSeenRequest(db, sessionOf(request).account, request.body.id);
      return answer(request, marks, true);
    },
  );
}
