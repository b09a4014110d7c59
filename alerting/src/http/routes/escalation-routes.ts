import {
  escalationPolicyListSchema,
  escalationPolicyRequestSchema,
  escalationPolicySchema,
  escalationRunListSchema,
  escalationRunQuerySchema,
  siteQuerySchema,
} from '@watchpost/contracts/api';
import { uuidSchema } from '@watchpost/contracts/wire';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { EscalationPolicies } from '../../escalation/escalation-policies.ts';
import { escalationPolicy } from '../../escalation/policy.ts';
import { personOf } from '../../governance/person.ts';
import { sessionOf, siteOf } from '../access.ts';
import type { Api } from '../api.ts';

const params = z.strictObject({ id: uuidSchema });
const tags = ['escalation'];
const { perMinute } = escalationPolicy;
const limit = (max: number) => ({ max, timeWindow: 60_000 });
/** Policies are of the whole site: who is limited to zones of it has nothing to do with them. */
const managing = { access: 'receivers.manage', sites: 'one' } as const;
const reading = { ...managing, rateLimit: limit(perMinute.reading) } as const;
const changing = {
  ...{ ...managing, auditedKind: 'escalation_policy', rateLimit: limit(perMinute.changing) },
} as const;

const person = (request: FastifyRequest) => personOf(sessionOf(request));

/** By which steps people are told of alerts, and how far that has come. */
export function escalationRoutes(app: Api, policies: EscalationPolicies): void {
  app.get(
    '/api/v1/escalation/policies',
    {
      config: reading,
      schema: { tags, querystring: siteQuerySchema, response: { 200: escalationPolicyListSchema } },
    },
    async (request) => ({ policies: await policies.list(siteOf(request)) }),
  );
  app.post(
    '/api/v1/escalation/policies',
    {
      config: { ...changing, audited: 'escalation_policy_saved' },
      schema: {
        ...{ tags, querystring: siteQuerySchema, body: escalationPolicyRequestSchema },
        response: { 200: escalationPolicySchema },
      },
    },
    async (request) => policies.save(person(request), siteOf(request), request.body),
  );
  app.delete(
    '/api/v1/escalation/policies/:id',
    {
      config: { ...changing, audited: 'escalation_policy_removed' },
      schema: { tags, params, querystring: siteQuerySchema, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await policies.remove(person(request), siteOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
  app.get(
    '/api/v1/escalation/runs',
    {
      config: reading,
      schema: { tags, querystring: escalationRunQuerySchema, response: { 200: escalationRunListSchema } },
    },
    async (request) => ({ runs: await policies.runs(siteOf(request), request.query.subject) }),
  );
}
