import {
  armingAreaViewSchema,
  armingListSchema,
  armingStepListSchema,
  armRequestSchema,
  bypassRequestSchema,
  disarmRequestSchema,
  ownArmingCodeSchema,
  postponeRequestSchema,
  siteQuerySchema,
} from '@watchpost/contracts/api';
import { zoneIdSchema } from '@watchpost/contracts/wire';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Arming, AskedArea } from '../../arming/arming.ts';
import { armingPolicy } from '../../arming/policy.ts';
import { personOf } from '../../governance/person.ts';
import { sessionOf, siteOf, sitesOf } from '../access.ts';
import type { Api } from '../api.ts';

const params = z.strictObject({ area: zoneIdSchema });
const tags = ['arming'];
const limit = (max: number) => ({ max, timeWindow: 60_000 });
// Areas are narrowed to those whose zones are all among the person’s.
const reading = {
  access: 'arming.read',
  sites: 'each',
  zones: 'narrowed',
  rateLimit: limit(armingPolicy.perMinute.reading),
} as const;
const setting = {
  access: 'arming.set',
  sites: 'one',
  zones: 'narrowed',
  rateLimit: limit(armingPolicy.perMinute.changing),
  auditedKind: 'area',
} as const;

const person = (request: FastifyRequest) => personOf(sessionOf(request));
const isProgram = ({ sessionToken }: FastifyRequest): boolean => sessionToken === null;
const asked = (request: FastifyRequest & { readonly params: { readonly area: string } }): AskedArea => ({
  ...{ person: person(request), site: siteOf(request), area: request.params.area },
  isProgram: isProgram(request),
});

/** Areas that are armed and disarmed, and the codes of people. */
export function armingRoutes(app: Api, arming: Arming): void {
  const one = { tags, params, querystring: siteQuerySchema };
  const response = { 200: armingAreaViewSchema };
  app.get(
    '/api/v1/arming',
    { config: reading, schema: { tags, querystring: siteQuerySchema, response: { 200: armingListSchema } } },
    async (request) => arming.list(person(request), sitesOf(request), isProgram(request)),
  );
  app.get(
    '/api/v1/arming/:area/steps',
    { config: { ...reading, sites: 'one' }, schema: { ...one, response: { 200: armingStepListSchema } } },
    async (request) => ({ steps: await arming.steps(asked(request)) }),
  );
  app.post(
    '/api/v1/arming/:area/arm',
    { config: { ...setting, audited: 'area_armed' }, schema: { ...one, body: armRequestSchema, response } },
    async (request) => arming.arm(asked(request), request.body),
  );
  app.post(
    '/api/v1/arming/:area/disarm',
    {
      config: { ...setting, audited: 'area_disarmed' },
      schema: { ...one, body: disarmRequestSchema, response },
    },
    async (request) => arming.disarm(asked(request), request.body),
  );
  app.post(
    '/api/v1/arming/:area/bypass',
    {
      config: { ...setting, audited: 'area_bypassed' },
      schema: { ...one, body: bypassRequestSchema, response },
    },
    async (request) => arming.bypass(asked(request), request.body),
  );
  app.post(
    '/api/v1/arming/:area/postpone',
    {
      config: { ...setting, audited: 'arming_postponed' },
      schema: { ...one, body: postponeRequestSchema, response },
    },
    async (request) => arming.postpone(asked(request), request.body),
  );
  app.put(
    '/api/v1/arming/code',
    {
      config: {
        ...{ access: 'arming.set', sites: 'each', zones: 'narrowed', person: true },
        ...{ rateLimit: limit(armingPolicy.perMinute.changing), audited: 'arming_code_set' },
      },
      schema: { tags, body: ownArmingCodeSchema, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await arming.setCode(person(request), request.body);
      return reply.code(204).send(null);
    },
  );
}
