import {
  accountChangeSchema,
  accountPageSchema,
  accountQuerySchema,
  accountRequestSchema,
  accountSchema,
  accountWithLinkSchema,
  type Session,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { uuidSchema } from '@watchpost/contracts/wire';
import { z } from 'zod';
import type { Changed, ChangedBy, People } from '../../accounts/people.ts';
import { countAccounts, listAccountPage } from '../../store/account-list-store.ts';
import { everySite, findAccountById, type SiteRoles } from '../../store/account-store.ts';
import type { Queryable } from '../../store/schema.ts';
import { sessionOf } from '../access.ts';
import type { Api } from '../api.ts';

/** What {@link accountRoutes} needs. */
export interface AccountRouteOptions {
  readonly db: Queryable;
  readonly people: People;
  readonly nowMs: () => number;
  /** Whether one of these roles demands a second factor. */
  readonly factorRequired: (roles: SiteRoles) => boolean;
}

/** Somebody with a session, as who changes accounts. */
export async function changedByOf(
  db: Queryable,
  { account, user }: Session,
): Promise<Exclude<ChangedBy, 'server console'>> {
  const own = await findAccountById(db, account);
  return { account, name: user, isOfEverySite: own?.roles[everySite] === 'admin' };
}

const idParams = z.strictObject({ id: uuidSchema });
const nothing = z.strictObject({}).nullish();

/** The accounts of others: list, invite, change, and what may be done with one as a whole. */
export function accountRoutes(app: Api, { db, people, nowMs, factorRequired }: AccountRouteOptions): void {
  const config = { access: 'accounts.manage' } as const;
  const tags = ['accounts'];
  const now = () => new Date(nowMs()).toISOString();
  const byOf = (session: Session): Promise<ChangedBy> => changedByOf(db, session);
  const one = async (id: string) => {
    const [account] = await listAccountPage(db, { id, limit: 1, now: now(), factorRequired });
    if (!account) throw new WatchpostError('account.unknown', { path: '/id' });
    return account;
  };
  const answer = async ({ account, link }: Changed) => ({ account: await one(account.id), link });

  app.get(
    '/api/v1/accounts',
    { config, schema: { tags, querystring: accountQuerySchema, response: { 200: accountPageSchema } } },
    async ({ query }) => {
      const list = { ...query, limit: query.limit + 1, now: now(), factorRequired };
      const [found, total] = await Promise.all([listAccountPage(db, list), countAccounts(db, list)]);
      const accounts = found.slice(0, query.limit);
      return { accounts, next: found.length > query.limit ? (accounts.at(-1)?.name ?? null) : null, total };
    },
  );
  app.get(
    '/api/v1/accounts/:id',
    { config, schema: { tags, params: idParams, response: { 200: accountSchema } } },
    async ({ params }) => one(params.id),
  );
  app.post(
    '/api/v1/accounts',
    { config, schema: { tags, body: accountRequestSchema, response: { 200: accountWithLinkSchema } } },
    async (request) => answer(await people.invite(await byOf(sessionOf(request)), request.body)),
  );
  app.post(
    '/api/v1/accounts/:id',
    {
      config,
      schema: { tags, params: idParams, body: accountChangeSchema, response: { 200: accountSchema } },
    },
    async (request) => {
      await people.change(await byOf(sessionOf(request)), request.params.id, request.body);
      return one(request.params.id);
    },
  );
  const steps = {
    disable: people.disable,
    enable: people.enable,
    reset: people.reset,
    'end-sessions': people.endSessions,
  } as const;
  for (const [name, step] of Object.entries(steps))
    app.post(
      `/api/v1/accounts/:id/${name}`,
      {
        config,
        schema: { tags, params: idParams, body: nothing, response: { 200: accountWithLinkSchema } },
      },
      async (request) => {
        const { id } = z.parse(idParams, request.params);
        return answer(await step.call(people, await byOf(sessionOf(request)), id));
      },
    );
  app.delete(
    '/api/v1/accounts/:id',
    { config, schema: { tags, params: idParams, response: { 204: z.null() } } },
    async (request, reply) => {
      await people.remove(await byOf(sessionOf(request)), request.params.id);
      return reply.code(204).send(null);
    },
  );
}
