import type { AuditAction, AuditSubject } from '@watchpost/contracts/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { append } from '../governance/audit-log.ts';
import { isNoted } from '../governance/audited-change.ts';
import { actorOf, personOf } from '../governance/person.ts';
import type { Queryable } from '../store/schema.ts';
import { toWatchpostError } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What is tried on this route: a refusal is in the audit log under this name. */
    audited?: AuditAction;
    /** What `:id` of its address names; an entry of a list where it says nothing. */
    auditedKind?: AuditSubject['kind'];
  }
}

/** Refusals that say nothing about what somebody tried: the request itself was none. */
const unsaid = new Set(['api.too_many_requests', 'api.internal', 'api.unauthenticated', 'api.timeout']);

/** Puts what logged-in people tried in vain into the audit log, on routes that say what they do. */
export function auditRefusals(app: FastifyInstance, db: Queryable, nowMs: () => number): void {
  app.addHook('onError', async (request, _reply, error) => {
    if (request.is404 || !request.session || isNoted(error)) return;
    const { audited, auditedKind: kind = 'entry' } = request.routeOptions.config;
    const { code, path, details } = toWatchpostError(error);
    if (audited === undefined || unsaid.has(code)) return;
    const { id } = (request.params ?? {}) as { readonly id?: unknown };
    await append(db, {
      at: new Date(nowMs()).toISOString(),
      actor: actorOf(personOf(request.session)),
      site: siteOfRefusal(request),
      action: audited,
      subject: typeof id === 'string' && id.length <= 128 ? { kind, id } : null,
      reason: null,
      outcome: 'refused',
      details: {
        code,
        ...(path === undefined ? {} : { path: path.slice(0, 200) }),
        ...(typeof details.permission === 'string' ? { permission: details.permission } : {}),
      },
    }).catch((err: unknown) => request.log.error({ err }, 'a refusal could not be audited'));
  });
}

/** The site that was asked for, if it exists for the person, or their only one; null where it is neither. */
function siteOfRefusal({ query, session }: FastifyRequest) {
  const sites = session?.sites ?? [];
  const { site } = (query ?? {}) as { readonly site?: unknown };
  const found = site === undefined && sites.length === 1 ? sites[0] : sites.find((one) => one.site === site);
  return found?.site ?? null;
}
