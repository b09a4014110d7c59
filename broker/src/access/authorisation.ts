import {
  filterIsWithin,
  mayPublish,
  maySubscribe,
  type Principal,
  type PrincipalKind,
  parseTopic,
  scopeAllows,
  topicTable,
} from '@watchpost/contracts/wire';

/** Who may do what. Called for every PUBLISH, will, SUBSCRIBE and delivery. */
export interface Authorisation {
  mayPublish(principal: Principal, topic: string, retain: boolean): boolean;
  maySubscribe(principal: Principal, filter: string): boolean;
  /** Asked again on delivery, so that neither a restored session nor a wide filter reaches too far. */
  mayReceive(principal: Principal, topic: string): boolean;
}

/** The broker’s numbers about itself, for alerting. */
const sysFilter = '$SYS/broker/#';

const mayHearSys = ({ kind }: Principal, filter: string): boolean =>
  kind === 'alerting' && filterIsWithin(filter, sysFilter);

/** The topic table of the contracts. */
export const topicTableRules: Authorisation = {
  mayPublish,
  maySubscribe: (principal, filter) =>
    maySubscribe(principal, filter) ||
    (mayHearSys(principal, filter) && scopeAllows(principal.scope, 'subscribe', filter)),
  mayReceive(principal, topic) {
    if (!scopeAllows(principal.scope, 'subscribe', topic)) return false;
    if (topic.startsWith('$')) return mayHearSys(principal, topic);
    const parsed = parseTopic(topic);
    if (parsed?.site !== principal.site) return false;
    const kinds: readonly PrincipalKind[] = topicTable[parsed.name].subscribe;
    if (!kinds.includes(principal.kind)) return principal.kind === 'demo';
    return principal.kind !== 'gateway' || parsed.gateway === principal.gateway;
  },
};

/**
 * Every topic to everyone except one filter: only for the demo broker on loopback. `$SYS` stays the broker’s
 * own and shared subscriptions stay refused.
 */
export function anyTopicExcept(denied: string | undefined): Authorisation {
  const isDenied = (filter: string): boolean => denied !== undefined && filterIsWithin(filter, denied);
  return {
    mayPublish: (_principal, topic) => !topic.startsWith('$SYS/') && topic !== '$SYS',
    maySubscribe: (_principal, filter) => !filter.startsWith('$share/') && !isDenied(filter),
    mayReceive: (_principal, topic) => !isDenied(topic),
  };
}
