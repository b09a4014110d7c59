import {
  departmentEditSchema,
  departmentListSchema,
  departmentRequestSchema,
  departmentSchema,
  departmentViewSchema,
  dutyPeopleSchema,
  nearestQuerySchema,
  nearestUnitsSchema,
  offerPageSchema,
  offerQuerySchema,
  offerRequestSchema,
  ownPositionSchema,
  positionConsentSchema,
  positionRequestSchema,
  responseOfferSchema,
  responseReasonSchema,
  responseTaskSchema,
  siteQuerySchema,
  subjectOffersSchema,
  taskPageSchema,
  taskQuerySchema,
  taskRequestSchema,
  taskStepRequestSchema,
  timelineExportQuerySchema,
  timelineSchema,
  unitEditSchema,
  unitMapSchema,
  unitRequestSchema,
} from '@watchpost/contracts/api';
import { uuidSchema } from '@watchpost/contracts/wire';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { personOf } from '../../governance/person.ts';
import { responsePolicy } from '../../response/policy.ts';
import type { Asking, AskingOne } from '../../response/reach.ts';
import type { JointResponse } from '../../response/response.ts';
import { timelineCsv } from '../../response/timeline-csv.ts';
import { sessionOf, siteOf, sitesOf } from '../access.ts';
import type { Api } from '../api.ts';

const params = z.strictObject({ id: uuidSchema });
const tags = ['response'];
const { perMinute } = responsePolicy;
const limit = (max: number) => ({ max, timeWindow: 60_000 });
// Who belongs to which department decides, and the zones of who sees the alert.
const reading = {
  access: 'response.read',
  sites: 'each',
  zones: 'narrowed',
  rateLimit: limit(perMinute.reading),
} as const;
const changing = { sites: 'each', zones: 'narrowed', rateLimit: limit(perMinute.changing) } as const;
const taking = { access: 'response.take', ...changing } as const;
const dispatching = { access: 'response.dispatch', ...changing } as const;
// Departments are those of the whole site.
const keeping = { access: 'response.manage', sites: 'each', rateLimit: limit(perMinute.changing) } as const;
const positioning = {
  access: 'response.take',
  sites: 'one',
  zones: 'narrowed',
  person: true,
  rateLimit: limit(perMinute.positions),
} as const;

const asking = (request: FastifyRequest): Asking => ({
  ...{ person: personOf(sessionOf(request)), sites: sitesOf(request) },
});
const askingOne = (request: FastifyRequest & { readonly params: { readonly id: string } }): AskingOne => ({
  ...{ ...asking(request), id: request.params.id },
});

/** Departments, what is offered to them, their tasks, and where their officers are. */
export function responseRoutes(app: Api, response: JointResponse): void {
  departmentRoutes(app, response);
  offerRoutes(app, response);
  taskRoutes(app, response);
  positionRoutes(app, response);
  timelineRoutes(app, response);
}

function departmentRoutes(app: Api, { departments, offerViews }: JointResponse): void {
  app.get(
    '/api/v1/response/departments',
    {
      config: reading,
      schema: { tags, querystring: siteQuerySchema, response: { 200: departmentListSchema } },
    },
    async (request) => ({ departments: await departments.list(asking(request)) }),
  );
  app.get(
    '/api/v1/response/people',
    {
      config: { ...keeping, sites: 'one' },
      schema: { tags, querystring: siteQuerySchema, response: { 200: dutyPeopleSchema } },
    },
    async (request) => ({ people: await departments.people(siteOf(request)) }),
  );
  app.get(
    '/api/v1/response/departments/:id/view',
    { config: reading, schema: { tags, params, response: { 200: departmentViewSchema } } },
    async (request) => offerViews.view(askingOne(request)),
  );
  app.post(
    '/api/v1/response/departments',
    {
      config: { ...keeping, sites: 'one', audited: 'department_made' },
      schema: {
        ...{ tags, querystring: siteQuerySchema },
        ...{ body: departmentRequestSchema, response: { 200: departmentSchema } },
      },
    },
    async (request) => departments.make(asking(request), siteOf(request), request.body),
  );
  app.post(
    '/api/v1/response/departments/:id',
    {
      config: { ...keeping, audited: 'department_changed', auditedKind: 'department' },
      schema: { tags, params, body: departmentEditSchema, response: { 200: departmentSchema } },
    },
    async (request) => departments.change(askingOne(request), request.body),
  );
  app.post(
    '/api/v1/response/departments/:id/end',
    {
      config: { ...keeping, audited: 'department_ended', auditedKind: 'department' },
      schema: { tags, params, body: responseReasonSchema, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await departments.end(askingOne(request), request.body.reason);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/api/v1/response/departments/:id/units',
    {
      config: { ...keeping, audited: 'unit_made', auditedKind: 'department' },
      schema: { tags, params, body: unitRequestSchema, response: { 200: departmentSchema } },
    },
    async (request) => departments.makeUnit(askingOne(request), request.body),
  );
  app.post(
    '/api/v1/response/units/:id',
    {
      config: { ...keeping, audited: 'unit_changed', auditedKind: 'unit' },
      schema: { tags, params, body: unitEditSchema, response: { 200: departmentSchema } },
    },
    async (request) => departments.changeUnit(askingOne(request), request.body),
  );
  app.post(
    '/api/v1/response/units/:id/end',
    {
      config: { ...keeping, audited: 'unit_ended', auditedKind: 'unit' },
      schema: { tags, params, body: responseReasonSchema, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await departments.endUnit(askingOne(request), request.body.reason);
      return reply.code(204).send(null);
    },
  );
}

function offerRoutes(app: Api, { offers, offerViews }: JointResponse): void {
  app.get(
    '/api/v1/response/offers',
    { config: reading, schema: { tags, querystring: offerQuerySchema, response: { 200: offerPageSchema } } },
    async (request) => offerViews.list(asking(request), request.query),
  );
  app.get(
    '/api/v1/response/subjects/:id',
    { config: reading, schema: { tags, params, response: { 200: subjectOffersSchema } } },
    async (request) => offerViews.ofSubject(askingOne(request)),
  );
  app.post(
    '/api/v1/response/offers',
    {
      config: { ...dispatching, audited: 'response_offered' },
      schema: { tags, body: offerRequestSchema, response: { 200: responseOfferSchema } },
    },
    async (request) => offers.make(asking(request), request.body),
  );
  app.post(
    '/api/v1/response/offers/:id/acknowledge',
    {
      config: { ...taking, audited: 'response_acknowledged', auditedKind: 'offer' },
      schema: { tags, params, response: { 200: responseOfferSchema } },
    },
    async (request) => offers.acknowledge(askingOne(request)),
  );
  app.post(
    '/api/v1/response/offers/:id/end',
    {
      config: { ...dispatching, audited: 'response_ended', auditedKind: 'offer' },
      schema: { tags, params, body: responseReasonSchema, response: { 200: responseOfferSchema } },
    },
    async (request) => offers.end(askingOne(request), request.body.reason),
  );
  app.post(
    '/api/v1/response/offers/:id/tasks',
    {
      config: { ...dispatching, audited: 'task_offered', auditedKind: 'offer' },
      schema: { tags, params, body: taskRequestSchema, response: { 200: responseOfferSchema } },
    },
    async (request) => offers.giveTask(askingOne(request), request.body),
  );
  app.get(
    '/api/v1/response/nearest',
    {
      config: { ...dispatching, rateLimit: limit(perMinute.reading) },
      schema: { tags, querystring: nearestQuerySchema, response: { 200: nearestUnitsSchema } },
    },
    async (request) => offerViews.nearest(asking(request), request.query.subject, request.query.department),
  );
}

function taskRoutes(app: Api, { tasks }: JointResponse): void {
  app.get(
    '/api/v1/response/tasks',
    { config: reading, schema: { tags, querystring: taskQuerySchema, response: { 200: taskPageSchema } } },
    async (request) => tasks.list(asking(request), request.query),
  );
  app.post(
    '/api/v1/response/tasks/:id/steps',
    {
      config: { ...taking, audited: 'task_step', auditedKind: 'task' },
      schema: { tags, params, body: taskStepRequestSchema, response: { 200: responseTaskSchema } },
    },
    async (request) => tasks.step(askingOne(request), request.body),
  );
}

function positionRoutes(app: Api, { positions, maps }: JointResponse): void {
  app.get(
    '/api/v1/response/map',
    {
      config: { ...positioning, access: 'response.dispatch' },
      schema: { tags, querystring: siteQuerySchema, response: { 200: unitMapSchema } },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return maps.get(asking(request), siteOf(request));
    },
  );
  const answer = { tags, querystring: siteQuerySchema, response: { 200: ownPositionSchema } };
  app.get('/api/v1/response/position', { config: positioning, schema: answer }, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    return positions.own(asking(request), siteOf(request));
  });
  app.put(
    '/api/v1/response/position',
    { config: positioning, schema: { ...answer, body: positionRequestSchema } },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return positions.take(asking(request), siteOf(request), request.body);
    },
  );
  app.delete('/api/v1/response/position', { config: positioning, schema: answer }, async (request) =>
    positions.end(asking(request), siteOf(request)),
  );
  app.post(
    '/api/v1/response/position/consent',
    {
      config: { ...positioning, audited: 'position_consented' },
      schema: { ...answer, body: positionConsentSchema },
    },
    async (request) => positions.consent(asking(request), siteOf(request)),
  );
}

function timelineRoutes(app: Api, { timelines }: JointResponse): void {
  app.get(
    '/api/v1/response/subjects/:id/timeline',
    { config: reading, schema: { tags, params, response: { 200: timelineSchema } } },
    async (request) => timelines.get(askingOne(request)),
  );
  app.get(
    '/api/v1/response/subjects/:id/timeline/export',
    {
      config: {
        access: 'response.review',
        sites: 'each',
        zones: 'narrowed',
        audited: 'timeline_exported',
        auditedKind: 'alert',
        rateLimit: limit(perMinute.exports),
      },
      schema: { tags, params, querystring: timelineExportQuerySchema },
    },
    async (request, reply) => {
      const { format } = request.query;
      const timeline = await timelines.exported(askingOne(request), format);
      const type = format === 'csv' ? 'text/csv' : 'application/json';
      return reply
        .type(`${type}; charset=utf-8`)
        .header('content-disposition', `attachment; filename="watchpost-timeline.${format}"`)
        .header('cache-control', 'no-store')
        .serializer((body: unknown) => String(body))
        .send(format === 'csv' ? timelineCsv(timeline) : JSON.stringify(timeline));
    },
  );
}
