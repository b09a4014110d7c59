import {
  dutyCalendarRequestSchema,
  dutyCalendarSchema,
  dutyExceptionRequestSchema,
  dutyExceptionSchema,
  dutyFindingListSchema,
  dutyPeopleSchema,
  dutyQuerySchema,
  dutyReasonRequestSchema,
  dutyRotaDetailSchema,
  dutyRotaListSchema,
  dutyShiftListSchema,
  dutyShiftQuerySchema,
  dutySwapAnswerSchema,
  dutySwapRequestSchema,
  handoverListSchema,
  handoverQuerySchema,
  handoverRequestSchema,
  handoverSchema,
  handoverSignRequestSchema,
  onDutySchema,
  rotaEditRequestSchema,
  rotaRequestSchema,
  siteQuerySchema,
} from '@watchpost/contracts/api';
import { uuidSchema } from '@watchpost/contracts/wire';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Duty } from '../../duty/duty.ts';
import { dutyPolicy } from '../../duty/policy.ts';
import type { AskedRota } from '../../duty/rota-plans.ts';
import { personOf } from '../../governance/person.ts';
import { sessionOf, siteOf, sitesOf } from '../access.ts';
import type { Api } from '../api.ts';

const params = z.strictObject({ id: uuidSchema });
const tags = ['duty'];
const limit = (max: number) => ({ max, timeWindow: 60_000 });
// Rotas are narrowed to those whose zones are all among the person’s.
const reading = {
  access: 'duty.read',
  sites: 'each',
  zones: 'narrowed',
  rateLimit: limit(dutyPolicy.perMinute.reading),
} as const;
const rateLimit = limit(dutyPolicy.perMinute.changing);
const managing = { access: 'duty.manage', sites: 'each', zones: 'narrowed', rateLimit } as const;
const taking = { access: 'duty.take', sites: 'each', zones: 'narrowed', rateLimit } as const;
/** The holidays are those of the whole site. */
const ofWholeSite = { access: 'duty.manage', sites: 'one', rateLimit } as const;
const one = { sites: 'one' } as const;

const person = (request: FastifyRequest) => personOf(sessionOf(request));
const asked = (request: FastifyRequest & { readonly params: { readonly id: string } }): AskedRota => ({
  ...{ person: person(request), sites: sitesOf(request), id: request.params.id },
});

/** Who is on duty, rotas, what takes their place for a time, and the holidays of a site. */
export function dutyRoutes(app: Api, duty: Duty): void {
  readingRoutes(app, duty);
  rotaRoutes(app, duty);
  exceptionRoutes(app, duty);
  swapRoutes(app, duty);
  handoverRoutes(app, duty);
}

function readingRoutes(app: Api, { plans, roster }: Duty): void {
  app.get(
    '/api/v1/duty',
    { config: reading, schema: { tags, querystring: dutyQuerySchema, response: { 200: onDutySchema } } },
    async (request) => roster.now(person(request), sitesOf(request), request.query.at),
  );
  app.get(
    '/api/v1/duty/shifts',
    {
      config: reading,
      schema: { tags, querystring: dutyShiftQuerySchema, response: { 200: dutyShiftListSchema } },
    },
    async (request) => roster.shifts(person(request), sitesOf(request), request.query),
  );
  app.get(
    '/api/v1/duty/findings',
    {
      config: reading,
      schema: { tags, querystring: siteQuerySchema, response: { 200: dutyFindingListSchema } },
    },
    async (request) => roster.findings(person(request), sitesOf(request)),
  );
  app.get(
    '/api/v1/duty/people',
    {
      config: { ...reading, ...one },
      schema: { tags, querystring: siteQuerySchema, response: { 200: dutyPeopleSchema } },
    },
    async (request) => ({ people: await plans.people(siteOf(request)) }),
  );
  app.get(
    '/api/v1/duty/calendar',
    {
      config: { ...reading, ...one },
      schema: { tags, querystring: siteQuerySchema, response: { 200: dutyCalendarSchema } },
    },
    async (request) => plans.calendar(siteOf(request)),
  );
  app.post(
    '/api/v1/duty/calendar',
    {
      config: { ...ofWholeSite, audited: 'duty_calendar_changed' },
      schema: {
        tags,
        querystring: siteQuerySchema,
        body: dutyCalendarRequestSchema,
        response: { 200: dutyCalendarSchema },
      },
    },
    async (request) => plans.setCalendar(person(request), siteOf(request), request.body),
  );
}

function rotaRoutes(app: Api, { plans }: Duty): void {
  app.get(
    '/api/v1/duty/rotas',
    {
      config: reading,
      schema: { tags, querystring: siteQuerySchema, response: { 200: dutyRotaListSchema } },
    },
    async (request) => ({ rotas: await plans.list(person(request), sitesOf(request)) }),
  );
  app.post(
    '/api/v1/duty/rotas',
    {
      config: { ...managing, ...one, audited: 'rota_made' },
      schema: {
        tags,
        querystring: siteQuerySchema,
        body: rotaRequestSchema,
        response: { 200: dutyRotaDetailSchema },
      },
    },
    async (request) => plans.make(person(request), siteOf(request), request.body),
  );
  app.get(
    '/api/v1/duty/rotas/:id',
    { config: reading, schema: { tags, params, response: { 200: dutyRotaDetailSchema } } },
    async (request) => plans.get(asked(request)),
  );
  app.post(
    '/api/v1/duty/rotas/:id',
    {
      config: { ...managing, audited: 'rota_changed', auditedKind: 'rota' },
      schema: { tags, params, body: rotaEditRequestSchema, response: { 200: dutyRotaDetailSchema } },
    },
    async (request) => plans.change(asked(request), request.body),
  );
  app.post(
    '/api/v1/duty/rotas/:id/end',
    {
      config: { ...managing, audited: 'rota_ended', auditedKind: 'rota' },
      schema: { tags, params, body: dutyReasonRequestSchema, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await plans.end(asked(request), request.body.reason);
      return reply.code(204).send(null);
    },
  );
}

function exceptionRoutes(app: Api, { exceptions }: Duty): void {
  app.post(
    '/api/v1/duty/exceptions',
    {
      config: { ...managing, ...one, audited: 'duty_exception_made' },
      schema: {
        tags,
        querystring: siteQuerySchema,
        body: dutyExceptionRequestSchema,
        response: { 200: dutyExceptionSchema },
      },
    },
    async (request) => exceptions.make(person(request), siteOf(request), request.body),
  );
  app.post(
    '/api/v1/duty/exceptions/:id/cancel',
    {
      config: { ...managing, audited: 'duty_exception_cancelled', auditedKind: 'duty_exception' },
      schema: { tags, params, body: dutyReasonRequestSchema, response: { 200: dutyExceptionSchema } },
    },
    async (request) => exceptions.cancel(asked(request), request.body.reason),
  );
}

function swapRoutes(app: Api, { swaps }: Duty): void {
  app.post(
    '/api/v1/duty/swaps',
    {
      config: { ...taking, ...one, audited: 'duty_swap_asked' },
      schema: {
        tags,
        querystring: siteQuerySchema,
        body: dutySwapRequestSchema,
        response: { 200: dutyExceptionSchema },
      },
    },
    async (request) => swaps.ask(person(request), siteOf(request), request.body),
  );
  app.post(
    '/api/v1/duty/swaps/:id/answer',
    {
      config: { ...taking, audited: 'duty_swap_answered', auditedKind: 'duty_exception' },
      schema: { tags, params, body: dutySwapAnswerSchema, response: { 200: dutyExceptionSchema } },
    },
    async (request) => swaps.answer(asked(request), request.body.accept),
  );
  app.post(
    '/api/v1/duty/swaps/:id/withdraw',
    {
      config: { ...taking, audited: 'duty_swap_withdrawn', auditedKind: 'duty_exception' },
      schema: { tags, params, response: { 200: dutyExceptionSchema } },
    },
    async (request) => swaps.withdraw(asked(request)),
  );
}

function handoverRoutes(app: Api, { handovers }: Duty): void {
  app.get(
    '/api/v1/duty/handovers',
    {
      config: reading,
      schema: { tags, querystring: handoverQuerySchema, response: { 200: handoverListSchema } },
    },
    async (request) => handovers.list(person(request), sitesOf(request), request.query),
  );
  app.post(
    '/api/v1/duty/handovers',
    {
      config: { ...taking, ...one, audited: 'handover_made' },
      schema: {
        tags,
        querystring: siteQuerySchema,
        body: handoverRequestSchema,
        response: { 200: handoverSchema },
      },
    },
    async (request) => handovers.make(person(request), siteOf(request), request.body),
  );
  app.get(
    '/api/v1/duty/handovers/:id',
    {
      config: { ...reading, audited: 'handover_viewed', auditedKind: 'handover' },
      schema: { tags, params, response: { 200: handoverSchema } },
    },
    async (request) => handovers.get(asked(request)),
  );
  app.post(
    '/api/v1/duty/handovers/:id/sign',
    {
      config: { ...taking, audited: 'handover_signed', auditedKind: 'handover' },
      schema: { tags, params, body: handoverSignRequestSchema, response: { 200: handoverSchema } },
    },
    async (request) => handovers.sign(asked(request), request.body.remark),
  );
}
