import { Readable } from 'node:stream';
import {
  type AuditDetails,
  type AuditQuery,
  auditPageSchema,
  auditQuerySchema,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { exportedLines } from '../../governance/audit-export.ts';
import { append } from '../../governance/audit-log.ts';
import { auditPage } from '../../governance/audit-page.ts';
import { actorOf, maySomebody, type Person, personOf, zonesFor } from '../../governance/person.ts';
import { auditPolicy } from '../../governance/policy.ts';
import type { Queryable } from '../../store/schema.ts';
import { sessionOf, sitesOf } from '../access.ts';
import type { Api } from '../api.ts';

/** What {@link auditRoutes} needs. */
export interface AuditRouteOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  /** Ids of all sites of the server. */
  readonly sites: readonly string[];
}

/** Who did what. That somebody read it, or took it along, is an entry too. */
export function auditRoutes(app: Api, { db, nowMs, sites: all }: AuditRouteOptions): void {
  const readsAll = (who: Person): boolean =>
    all.every((id) => maySomebody(who, id, 'audit.read') && zonesFor(who, id) === null);
  app.get(
    '/api/v1/audit',
    {
      config: {
        ...{ access: 'audit.read', sites: 'each', audited: 'audit_read' },
        rateLimit: { max: auditPolicy.perMinute, timeWindow: 60_000 },
      },
      schema: { tags: ['audit'], querystring: auditQuerySchema, response: { 200: auditPageSchema } },
    },
    async (request, reply) => {
      const who = personOf(sessionOf(request));
      // An entry says nothing of zones: who has only some of a site’s reads none of its log.
      const sites = sitesOf(request).filter((site) => zonesFor(who, site) === null);
      const { site, limit } = request.query;
      const ofServer = site === undefined && readsAll(who);
      const found =
        sites.length === 0
          ? []
          : await auditPage(db, sites, ofServer, { ...request.query, limit: limit + 1 });
      const entries = found.slice(0, limit);
      await append(db, {
        ...{
          at: new Date(nowMs()).toISOString(),
          actor: actorOf(who),
          action: 'audit_read',
          outcome: 'done',
        },
        site: sites.length === 1 ? (sites[0] ?? null) : null,
        subject: null,
        reason: null,
        details: { ...asked(request.query), sites: [...sites], entries: entries.length },
      });
      reply.header('cache-control', 'no-store');
      return { entries, next: found.length > limit ? (entries.at(-1)?.position ?? null) : null };
    },
  );
  app.get(
    '/api/v1/audit/export',
    {
      config: {
        ...{ access: 'audit.read', sites: 'each', audited: 'audit_exported' },
        rateLimit: { max: auditPolicy.exportsPerMinute, timeWindow: 60_000 },
      },
      schema: { tags: ['audit'] },
    },
    async (request, reply) => {
      const who = personOf(sessionOf(request));
      // A chain with entries left out cannot be followed.
      if (!readsAll(who)) throw new WatchpostError('api.forbidden');
      await append(db, {
        ...{ at: new Date(nowMs()).toISOString(), actor: actorOf(who), action: 'audit_exported' },
        ...{ site: null, subject: null, reason: null, outcome: 'done', details: {} },
      });
      return reply
        .type('application/x-ndjson; charset=utf-8')
        .header('content-disposition', 'attachment; filename="watchpost-audit.jsonl"')
        .header('cache-control', 'no-store')
        .send(Readable.from(exportedLines(db)));
    },
  );
}

/** What was asked for, without what was left out. */
function asked({ limit: _, ...filter }: AuditQuery): AuditDetails {
  return Object.fromEntries(
    Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
