import type { ComponentHealth } from '@watchpost/contracts/api';
import type { ErrorCode } from '@watchpost/contracts/errors';
import type { DutyFault } from './find-faults.ts';

/** What a fault is called where it alerts; undefined: it is shown only. */
function codeOf({ kind, soon }: Pick<DutyFault, 'kind' | 'soon'>): ErrorCode | undefined {
  if (kind === 'gap') return soon ? 'duty.gap_soon' : 'duty.gap';
  if (kind === 'double_booked') return soon ? 'duty.double_booked_soon' : 'duty.double_booked';
  if (kind === 'unreachable' || kind === 'gone') return soon ? 'duty.unreachable_soon' : 'duty.unreachable';
  return undefined;
}

/** The codes of what is wrong with the plans of a site: each is an alert while it is there. */
export function dutyCodes(faults: readonly DutyFault[]): readonly ErrorCode[] {
  return [...new Set(faults.flatMap((fault) => codeOf(fault) ?? []))];
}

/** Whether plans are sound. The page that shows it is public: it names no site and nobody. */
export function dutyHealth(faults: readonly DutyFault[], isFailing: boolean): ComponentHealth {
  if (isFailing) return { status: 'degraded', error: 'duty.failed' };
  const told = faults.filter((fault) => codeOf(fault) !== undefined);
  const worst = told.find(({ soon }) => soon) ?? told[0];
  if (!worst) return { status: 'ok' };
  return {
    status: 'degraded',
    error: codeOf(worst) ?? 'duty.gap',
    details: { faults: told.length, within24h: told.filter(({ soon }) => soon).length },
  };
}
