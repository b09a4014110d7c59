import {
  noticePageSchema,
  noticeQuerySchema,
  receiverCodeSchema,
  receiverListSchema,
  receiverRequestSchema,
  receiverSchema,
  receiverTestSchema,
  siteQuerySchema,
} from '@watchpost/contracts/api';
import { uuidSchema } from '@watchpost/contracts/wire';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { personOf } from '../../governance/person.ts';
import { receiverPolicy } from '../../notify/outbox/policy.ts';
import type { Receivers } from '../../notify/receivers.ts';
import { sessionOf, siteOf } from '../access.ts';
import type { Api } from '../api.ts';

const params = z.strictObject({ id: uuidSchema });
const tags = ['receivers'];
const { perMinute } = receiverPolicy;
const limit = (max: number) => ({ max, timeWindow: 60_000 });
/** Receivers are told of the whole site: who is limited to zones of it has nothing to do with them. */
const managing = { access: 'receivers.manage', sites: 'one' } as const;
const reading = { ...managing, rateLimit: limit(perMinute.reading) } as const;
const changing = { ...managing, auditedKind: 'receiver', rateLimit: limit(perMinute.changing) } as const;
const trying = { ...changing, rateLimit: limit(perMinute.testing) } as const;

const person = (request: FastifyRequest) => personOf(sessionOf(request));

/** Who is told of alerts outside of the console, and what was told. */
export function receiverRoutes(app: Api, receivers: Receivers): void {
  app.get(
    '/api/v1/receivers',
    {
      config: reading,
      schema: { tags, querystring: siteQuerySchema, response: { 200: receiverListSchema } },
    },
    async (request) => ({ receivers: await receivers.list(siteOf(request)) }),
  );
  app.post(
    '/api/v1/receivers',
    {
      config: { ...changing, audited: 'receiver_saved' },
      schema: {
        ...{ tags, querystring: siteQuerySchema, body: receiverRequestSchema },
        response: { 200: receiverSchema },
      },
    },
    async (request) => receivers.save(person(request), siteOf(request), request.body),
  );
  app.post(
    '/api/v1/receivers/:id/test',
    {
      config: { ...trying, audited: 'receiver_tested' },
      schema: { tags, params, querystring: siteQuerySchema, response: { 200: receiverTestSchema } },
    },
    async (request) => receivers.test(person(request), siteOf(request), request.params.id),
  );
  app.post(
    '/api/v1/receivers/:id/code',
    {
      config: { ...trying, audited: 'receiver_tested' },
      schema: { tags, params, querystring: siteQuerySchema, response: { 200: receiverTestSchema } },
    },
    async (request) => receivers.sendCode(person(request), siteOf(request), request.params.id),
  );
  app.post(
    '/api/v1/receivers/:id/verify',
    {
      config: { ...trying, audited: 'receiver_verified' },
      schema: {
        ...{ tags, params, querystring: siteQuerySchema, body: receiverCodeSchema },
        response: { 200: receiverSchema },
      },
    },
    async (request) => receivers.verify(person(request), siteOf(request), request.params.id, request.body),
  );
  app.delete(
    '/api/v1/receivers/:id',
    {
      config: { ...changing, audited: 'receiver_removed' },
      schema: { tags, params, querystring: siteQuerySchema, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await receivers.remove(person(request), siteOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
  app.get(
    '/api/v1/notices',
    {
      config: reading,
      schema: { tags, querystring: noticeQuerySchema, response: { 200: noticePageSchema } },
    },
    async (request) => receivers.log(siteOf(request), request.query),
  );
}
