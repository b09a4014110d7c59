import { WatchpostError } from '@watchpost/contracts/errors';
import { z } from 'zod';

const configSchema = z.strictObject({
  /** Where everything is kept; made when it is missing. */
  folder: z.string().min(1),
  /** The socket file at which requests are answered. */
  socket: z.string().min(1),
  /** The process ends after so long without a request, milliseconds. */
  idleMs: z.int().min(10).optional(),
});

/** What the enrolment is told. */
export type EnrolmentConfig = z.infer<typeof configSchema>;

/** @throws WatchpostError `config.invalid` with the path of the setting */
export function parseEnrolmentConfig(value: unknown): EnrolmentConfig {
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new WatchpostError('config.invalid', { path: `/${parsed.error.issues[0]?.path.join('/') ?? ''}` });
}
