import type { ComponentHealth } from '@watchpost/contracts/api';
import type { ErrorCode } from '@watchpost/contracts/errors';
import type { ReconcilerState } from './list-reconciler.ts';
import { listsPolicy } from './policy.ts';

/** Whether gateways do not follow the lists, for longer than a failure that passes. */
export const isBehind = ({ behindMs }: Pick<ReconcilerState, 'behindMs'>): boolean =>
  behindMs > listsPolicy.behindAfterMs;

/** What somebody has to see to so that the gateways of a site match what they should, and nobody else can. */
export const faultsOf = (state: ReconcilerState): ErrorCode[] => [
  ...(isBehind(state) ? (['list.not_in_step'] as const) : []),
  ...(state.isFull ? (['list.permit_full'] as const) : []),
  ...(state.isRekeyDue ? (['identity.rekey_due'] as const) : []),
];

/**
 * Whether gateways may match what the lists say. The page that shows it is public: it names no site.
 */
export function listsHealth(states: readonly ReconcilerState[]): ComponentHealth {
  const behind = states.filter(isBehind);
  const full = states.filter(({ isFull }) => isFull).length;
  if (behind.length === 0 && full > 0)
    return { status: 'degraded', error: 'list.permit_full', details: { sites: full } };
  if (behind.length === 0) return { status: 'ok' };
  const seconds = Math.round(Math.max(...behind.map(({ behindMs }) => behindMs)) / 1000);
  const cause = behind.find(({ error }) => error !== undefined)?.error;
  return {
    status: 'degraded',
    error: 'list.not_in_step',
    details: { sites: behind.length, seconds, ...(cause === undefined ? {} : { cause }) },
  };
}
