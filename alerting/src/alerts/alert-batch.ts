import { createHash } from 'node:crypto';
import type { Alert } from '@watchpost/contracts/alert';
import type {
  AlertAction,
  AlertBatchAnswer,
  AlertBatchRequest,
  AlertDetail,
  TransitionRequest,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { snooze, unsnooze } from '../silences/snoozes.ts';
import type { ChangeLog } from '../store/change-log.ts';
import { takeOfficerStep } from './officer-step.ts';

/** What {@link takeBatch} needs. */
export interface BatchContext {
  readonly changes: Pick<ChangeLog, 'commit'>;
  /** The name of the person. */
  readonly user: string;
  readonly nowMs: () => number;
  /** The alert, where the person may change it. @throws WatchpostError */
  readonly find: (id: Alert['id']) => Promise<Alert>;
}

/** The id of the request for one alert of a batch: a repeat asks for the same. UUID version 8. */
function partOf(batch: string, alert: string, step: string): string {
  const digest = createHash('sha256').update(`${batch} ${alert} ${step}`).digest();
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x80;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  const hex = digest.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

/** Does the same with each alert, one after the other: what one is refused stops no other. */
export async function takeBatch(
  context: BatchContext,
  { id: batch, action, alerts }: AlertBatchRequest,
): Promise<AlertBatchAnswer> {
  const done: Alert[] = [];
  const failed: AlertBatchAnswer['failed'] = [];
  for (const { id, version } of alerts) {
    try {
      const alert = await context.find(id);
      done.push((await take(context, alert, { batch, version, action })).alert);
    } catch (error) {
      // The store itself fails: the next would wait for it, too.
      if (!(error instanceof WatchpostError)) throw error;
      failed.push({ id, code: error.code, details: { ...error.details } });
    }
  }
  return { done, failed };
}

interface Part {
  readonly batch: string;
  readonly version: number;
  readonly action: AlertAction;
}

async function take(
  { changes, user, nowMs }: BatchContext,
  { id, site, state }: Alert,
  { batch, version, action }: Part,
): Promise<AlertDetail> {
  const step = async (request: Omit<TransitionRequest, 'id' | 'version'>, seen = version) => {
    const asked = { ...request, version: seen, id: partOf(batch, id, `${request.to}`) };
    return (await takeOfficerStep(changes, site, id, asked, user, nowMs())).detail;
  };
  const request = { id: partOf(batch, id, action.do), version };
  const context = { changes, site, id, user, nowMs: nowMs() };
  switch (action.do) {
    case 'acknowledge':
      return step({ to: 'acknowledged' });
    case 'release':
    case 'reopen':
      return step({ to: 'open', ...('reason' in action ? { reason: action.reason } : {}) });
    case 'resolve': {
      const { disposition, reason } = action;
      const seen = state === 'open' ? (await step({ to: 'acknowledged' })).alert.version : version;
      return step({ to: 'resolved', disposition, reason }, seen);
    }
    case 'snooze':
      return snooze(context, { ...request, until: action.until, reason: action.reason });
    case 'unsnooze':
      return unsnooze(context, request);
  }
}
