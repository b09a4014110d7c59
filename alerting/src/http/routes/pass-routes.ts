import {
  linkedPassSchema,
  passCodeSchema,
  passConfirmAnswerSchema,
  passConfirmRequestSchema,
  passGatesSchema,
  passLinkRequestSchema,
  passLinkSchema,
  passPageSchema,
  passQuerySchema,
  passRequestSchema,
  passRevokeRequestSchema,
  passSchema,
  siteQuerySchema,
} from '@watchpost/contracts/api';
import { uuidSchema } from '@watchpost/contracts/wire';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { personOf } from '../../governance/person.ts';
import type { AskedPass, Passes } from '../../passes/passes.ts';
import { passPolicy } from '../../passes/policy.ts';
import { sessionOf, siteOf, sitesOf } from '../access.ts';
import type { Api } from '../api.ts';

const params = z.strictObject({ id: uuidSchema });
const tags = ['passes'];
const { perMinute } = passPolicy;
const limit = (max: number) => ({ max, timeWindow: 60_000 });
const rateLimit = limit(perMinute.issuing);
const reading = {
  access: 'passes.read',
  sites: 'each',
  zones: 'narrowed',
  rateLimit: limit(perMinute.reading),
} as const;
const issuing = { access: 'passes.issue', sites: 'each', zones: 'narrowed', rateLimit } as const;
const issuingOne = { ...issuing, sites: 'one' } as const;

const person = (request: FastifyRequest) => personOf(sessionOf(request));
const asked = (request: FastifyRequest & { readonly params: { readonly id: string } }): AskedPass => ({
  ...{ person: person(request), sites: sitesOf(request), id: request.params.id },
});
/** What opens a gate is kept by nobody on the way. */
const unkept = (reply: FastifyReply) => reply.header('cache-control', 'no-store');

/** Passes of visitors: issued, listed, shown, revoked; and the link that shows one without a log-in. */
export function passRoutes(app: Api, passes: Passes): void {
  app.get(
    '/api/v1/passes',
    {
      config: { ...reading, audited: 'passes_read' },
      schema: { tags, querystring: passQuerySchema, response: { 200: passPageSchema } },
    },
    async (request) => passes.page(person(request), sitesOf(request), request.query),
  );
  app.get(
    '/api/v1/passes/gates',
    {
      config: { ...issuingOne, rateLimit: reading.rateLimit },
      schema: { tags, querystring: siteQuerySchema, response: { 200: passGatesSchema } },
    },
    async (request) => passes.gates(person(request), siteOf(request)),
  );
  app.post(
    '/api/v1/passes',
    {
      config: { ...issuingOne, audited: 'pass_issued' },
      schema: {
        tags,
        querystring: siteQuerySchema,
        body: passRequestSchema,
        response: { 200: passSchema },
      },
    },
    async (request) => passes.issue(person(request), siteOf(request), request.body),
  );
  app.get(
    '/api/v1/passes/:id',
    {
      config: { ...reading, audited: 'pass_viewed' },
      schema: { tags, params, response: { 200: passSchema } },
    },
    async (request) => passes.get(asked(request)),
  );
  app.post(
    '/api/v1/passes/:id/revoke',
    {
      config: { ...issuing, audited: 'pass_revoked' },
      schema: { tags, params, body: passRevokeRequestSchema, response: { 200: passSchema } },
    },
    async (request) => passes.revoke(asked(request), request.body.reason),
  );
  app.post(
    '/api/v1/passes/confirm',
    {
      config: { ...issuing, audited: 'pass_confirmed' },
      schema: { tags, body: passConfirmRequestSchema, response: { 200: passConfirmAnswerSchema } },
    },
    async (request) => {
      const who = { person: person(request), sites: sitesOf(request) };
      return { confirmed: await passes.confirm(who, request.body.ids) };
    },
  );
  app.post(
    '/api/v1/passes/:id/link',
    {
      config: { ...issuing, audited: 'pass_link_made' },
      schema: { tags, params, response: { 200: passLinkSchema } },
    },
    async (request, reply) => {
      unkept(reply);
      return passes.link(asked(request));
    },
  );
  app.post(
    '/api/v1/passes/:id/show',
    {
      config: { ...issuing, audited: 'pass_shown' },
      schema: { tags, params, response: { 200: passCodeSchema } },
    },
    async (request, reply) => {
      unkept(reply);
      return { text: await passes.show(asked(request)) };
    },
  );
  // The secret comes in the body, never in an address.
  app.post(
    '/api/v1/pass-link',
    {
      config: { access: 'public', takesCredentials: true, rateLimit: limit(perMinute.links) },
      schema: { tags, body: passLinkRequestSchema, response: { 200: linkedPassSchema } },
    },
    async ({ body }, reply) => {
      unkept(reply);
      return passes.open(body.token);
    },
  );
}
