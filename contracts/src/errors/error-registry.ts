import { acknowledgeErrors } from './acknowledge-errors.ts';
import { apiErrors } from './api-errors.ts';
import { armingErrors } from './arming-errors.ts';
import { backupErrors } from './backup-errors.ts';
import { brokerErrors } from './broker-errors.ts';
import { canaryErrors } from './canary-errors.ts';
import { dutyErrors } from './duty-errors.ts';
import { edgeErrors } from './edge-errors.ts';
import { enrolmentErrors } from './enrolment-errors.ts';
import type { ErrorEntry } from './error-entry.ts';
import { escalationErrors } from './escalation-errors.ts';
import { flowsErrors } from './flows-errors.ts';
import { identityErrors } from './identity-errors.ts';
import { inferenceErrors } from './inference-errors.ts';
import { installErrors } from './install-errors.ts';
import { listErrors } from './list-errors.ts';
import { notifyErrors } from './notify-errors.ts';
import { passErrors } from './pass-errors.ts';
import { plateErrors } from './plate-errors.ts';
import { replayErrors } from './replay-errors.ts';
import { responseErrors } from './response-errors.ts';
import { setupErrors } from './setup-errors.ts';
import { silenceErrors } from './silence-errors.ts';
import { siteErrors } from './site-errors.ts';
import { stillErrors } from './still-errors.ts';
import { storeErrors } from './store-errors.ts';
import { wireErrors } from './wire-errors.ts';

/**
 * The one registry of error codes. A code never changes its meaning and a retired code is never used again:
 * move it to {@link retiredErrorCodes}. `docs/reference/errors.md` is generated from here.
 */
export const errorRegistry = {
  ...wireErrors,
  ...brokerErrors,
  ...flowsErrors,
  ...identityErrors,
  ...edgeErrors,
  ...inferenceErrors,
  ...enrolmentErrors,
  ...passErrors,
  ...dutyErrors,
  ...responseErrors,
  ...silenceErrors,
  ...armingErrors,
  ...notifyErrors,
  ...acknowledgeErrors,
  ...canaryErrors,
  ...escalationErrors,
  ...plateErrors,
  ...replayErrors,
  ...apiErrors,
  ...listErrors,
  ...storeErrors,
  ...backupErrors,
  ...setupErrors,
  ...installErrors,
  ...siteErrors,
  ...stillErrors,
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorRegistry;

/** Codes that once existed; a test keeps them out of {@link errorRegistry}. */
export const retiredErrorCodes: readonly string[] = ['account.factor_exists'];
