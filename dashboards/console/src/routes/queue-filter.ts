import type { Alert, Severity } from '@watchpost/contracts/alert';

/** What of the queue is shown. */
export interface QueueFilter {
  readonly severity?: Severity;
  readonly zone?: string;
  readonly device?: string;
  /** Type of the event. */
  readonly type?: string;
  /** Words in notes and details. */
  readonly search?: string;
  /** `hidden`: without what nobody is told of. `only`: nothing else. */
  readonly quiet?: 'hidden' | 'only';
  /** What is new to the person. */
  readonly fresh?: 'yes';
}

/** Nothing is left out. */
export const wholeQueue: QueueFilter = {};

const name = /^[A-Za-z0-9_-]{1,64}$/;
const rules: Readonly<Record<keyof QueueFilter, RegExp>> = {
  severity: /^(?:low|medium|high|critical)$/,
  zone: name,
  device: name,
  type: /^watchpost\.[a-z_]{1,32}\.[a-z_]{1,32}\.v1$/,
  search: /^.{2,100}$/,
  quiet: /^(?:hidden|only)$/,
  fresh: /^yes$/,
};
const parts = Object.keys(rules) as readonly (keyof QueueFilter)[];

/** The filter that the query of an address stands for; what means nothing counts as missing. */
export function filterOf(query: string): QueueFilter {
  const given = new URLSearchParams(query);
  const found = parts.flatMap((part) => {
    const value = given.get(part)?.trim() ?? '';
    return rules[part].test(value) ? [[part, value]] : [];
  });
  return found.length === 0 ? wholeQueue : Object.fromEntries(found);
}

/** The query of an address for a filter, without `?`; empty where nothing is left out. */
export const queryOf = (filter: QueueFilter): string =>
  new URLSearchParams(parts.flatMap((part) => (filter[part] ? [[part, filter[part]]] : []))).toString();

/** The filter as the API is asked. */
export function apiQueryOf({ quiet, fresh, ...plain }: QueueFilter): Readonly<Record<string, string>> {
  return {
    ...plain,
    ...(quiet ? { suppressed: quiet === 'only' ? 'yes' : 'no' } : {}),
    ...(fresh ? { unseen: 'yes' } : {}),
  };
}

/** Whether only the server knows what fits: words in notes, and what somebody has seen. */
export const isOfServer = ({ search, fresh }: QueueFilter): boolean =>
  search !== undefined || fresh !== undefined;

/** Whether an alert fits, as far as that can be told here. */
export function fits(
  { severity, zone, device, type, quiet }: QueueFilter,
  alert: Pick<Alert, 'severity' | 'zone' | 'device' | 'eventType' | 'suppressions'>,
): boolean {
  return (
    (severity ?? alert.severity) === alert.severity &&
    (zone ?? alert.zone) === alert.zone &&
    (device ?? alert.device) === alert.device &&
    (type ?? alert.eventType) === alert.eventType &&
    (quiet === undefined || (quiet === 'only') === (alert.suppressions !== undefined))
  );
}
