import {
  siteQuerySchema,
  warningListSchema,
  warningSenderRequestSchema,
  warningTakenSchema,
} from '@watchpost/contracts/api';
import { z } from 'zod';
import { personOf } from '../../governance/person.ts';
import { capPolicy } from '../../notify/policy.ts';
import { warningPolicy } from '../../warnings/policy.ts';
import type { Warnings } from '../../warnings/warnings.ts';
import { sessionOf, siteOf, sitesOf } from '../access.ts';
import type { Api } from '../api.ts';

const tags = ['warnings'];
const types = ['application/cap+xml', 'application/xml', 'text/xml'];
const limit = (max: number) => ({ max, timeWindow: 60_000 });
const { sending, reading, changing } = warningPolicy.perMinute;

/** Public warnings that programs bring, who sends them, and whom of those an administrator accepts. */
export function warningRoutes(app: Api, warnings: Warnings): void {
  app.register(async (own) => {
    const bodyLimit = capPolicy.messageBytes + 1;
    own.addContentTypeParser(types, { parseAs: 'buffer', bodyLimit }, (_request, body, done) =>
      done(null, body),
    );
    own.post(
      '/api/v1/warnings',
      {
        bodyLimit,
        config: { access: 'warnings.send', sites: 'one', bodyTypes: types, rateLimit: limit(sending) },
        schema: { tags, querystring: siteQuerySchema, response: { 200: warningTakenSchema } },
      },
      async (request) => {
        const { body } = request;
        return warnings.take(siteOf(request), Buffer.isBuffer(body) ? body : Buffer.alloc(0));
      },
    );
  });
  app.get(
    '/api/v1/warnings',
    {
      config: { access: 'warnings.manage', sites: 'each', rateLimit: limit(reading) },
      schema: { tags, querystring: siteQuerySchema, response: { 200: warningListSchema } },
    },
    async (request) => warnings.list(sitesOf(request)),
  );
  app.post(
    '/api/v1/warnings/senders',
    {
      config: {
        ...{ access: 'warnings.manage', sites: 'one', rateLimit: limit(changing), person: true },
        ...{ audited: 'warning_sender_decided', auditedKind: 'warning_sender' },
      },
      schema: {
        ...{ tags, querystring: siteQuerySchema, body: warningSenderRequestSchema },
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await warnings.decide(personOf(sessionOf(request)), siteOf(request), request.body);
      return reply.code(204).send(null);
    },
  );
}
