import { type PrincipalKind, parseTopic, type TopicName, topicTable } from './topics.ts';

/** Whoever holds a connection. Rules are per site; a gateway’s are per gateway too. */
export interface Principal {
  readonly kind: PrincipalKind;
  /** Name for logs and audits. */
  readonly name: string;
  readonly site: string;
  /** Only for `gateway`. */
  readonly gateway?: string;
  /** What is left of the kind’s rights; absent: all of them. */
  readonly scope?: Scope;
}

/**
 * Topic filters that narrow what a kind of principal may do. They never widen it: whatever they say, the
 * topic table is asked too. An absent list leaves the kind’s rights as they are, an empty one takes them all.
 */
export interface Scope {
  readonly publish?: readonly string[];
  readonly subscribe?: readonly string[];
}

const topicNames = Object.keys(topicTable) as readonly TopicName[];

const allows = (kinds: readonly PrincipalKind[], kind: PrincipalKind): boolean => kinds.includes(kind);

/**
 * The filters that a principal may publish to or subscribe to, from the topic table; its scope may leave
 * less.
 */
export function allowedFilters(principal: Principal, action: 'publish' | 'subscribe'): string[] {
  return topicNames
    .filter((name) => allows(topicTable[name][action], principal.kind))
    .map((name) =>
      topicTable[name].pattern
        .replace('{site}', principal.site)
        .replace('{gateway}', principal.kind === 'gateway' ? (principal.gateway ?? '') : '+')
        .replace('{alert}', '+'),
    );
}

/** Whether there is a topic that both filters match. */
export function filtersOverlap(one: string, other: string): boolean {
  const first = one.split('/');
  const second = other.split('/');
  for (let index = 0; index < Math.max(first.length, second.length); index++) {
    const [a, b] = [first[index], second[index]];
    if (a === '#' || b === '#') return true;
    if (a === undefined || b === undefined) return false;
    if (a !== '+' && b !== '+' && a !== b) return false;
  }
  return true;
}

/** Whether every topic that matches `filter` also matches `within` (MQTT 3.1.1 §4.7 wildcards). */
export function filterIsWithin(filter: string, within: string): boolean {
  const inner = filter.split('/');
  const outer = within.split('/');
  for (let index = 0; index < outer.length; index++) {
    const limit = outer[index];
    const level = inner[index];
    if (limit === '#') return true;
    if (level === undefined || level === '#') return false;
    if (limit !== '+' && limit !== level) return false;
  }
  return inner.length === outer.length;
}

/**
 * Whether the scope leaves room for this topic or filter. As in MQTT, a filter that begins with a wildcard
 * does not reach `$…` ([MQTT-4.7.2-1]).
 */
export function scopeAllows(scope: Scope | undefined, action: keyof Scope, filter: string): boolean {
  const within = scope?.[action];
  if (!within) return true;
  return within.some(
    (outer) => filterIsWithin(filter, outer) && (!filter.startsWith('$') || outer.startsWith('$')),
  );
}

/** Whether the principal may publish to this topic. Names outside the table are refused. */
export function mayPublish(principal: Principal, topic: string, retain: boolean): boolean {
  if (!scopeAllows(principal.scope, 'publish', topic)) return false;
  const parsed = parseTopic(topic);
  if (!parsed || parsed.site !== principal.site) return false;
  if (!allows(topicTable[parsed.name].publish, principal.kind)) return false;
  if (retain && !topicTable[parsed.name].retained) return false;
  return principal.kind !== 'gateway' || parsed.gateway === principal.gateway;
}

/**
 * Whether the principal may subscribe to this filter: it must lie within one allowed topic, so that a
 * wildcard never reaches further than the table. `demo`, which only listens on loopback, may also take its
 * whole site.
 */
export function maySubscribe(principal: Principal, filter: string): boolean {
  if (!scopeAllows(principal.scope, 'subscribe', filter)) return false;
  const within = allowedFilters(principal, 'subscribe');
  if (principal.kind === 'demo') within.push(`wp/1/${principal.site}/#`);
  return within.some((outer) => filterIsWithin(filter, outer));
}
