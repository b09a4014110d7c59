import { WatchpostError } from '@watchpost/contracts/errors';
import type { Logger } from 'pino';
import { z } from 'zod';

const site = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const broker = z.strictObject({
  url: z.url({ protocol: /^(mqtts?|wss?)$/ }),
  username: z.string().optional(),
  password: z.string().optional(),
});

/** The flows’ configuration file. It holds two secrets: keep it readable by its owner only. */
export const flowsConfigSchema = z.strictObject({
  /** On 127.0.0.1; 0 = any free port. */
  port: z.number().int().min(0).max(65_535),
  /**
   * What every request must carry in `x-watchpost-flows-secret`; known to the log-in’s reverse proxy only.
   */
  secret: z.string().min(16).max(256),
  /** Flows and credentials are kept in `flows/` here. */
  dataFolder: z.string().min(1),
  site,
  broker,
  /** Further sites, each with an account of its own at the broker. */
  otherSites: z.array(z.strictObject({ site, broker })).max(1000).default([]),
});
export type FlowsConfig = z.output<typeof flowsConfigSchema>;

export type FlowsOptions = z.input<typeof flowsConfigSchema> & {
  /** Silent when absent. */
  readonly logger?: Logger;
};

/** @throws WatchpostError `config.invalid` with the path of the setting. */
export function parseFlowsConfig(value: unknown): FlowsConfig {
  const result = flowsConfigSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new WatchpostError('config.invalid', {
    path: `/${issue?.path.map(String).join('/') ?? ''}`,
    details: { expected: issue?.message ?? 'a valid value' },
  });
}
