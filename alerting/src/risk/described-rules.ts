import type { NamedRuleSet, RuleSetFile } from '@watchpost/contracts/site';
import type { StoredEvent } from '@watchpost/contracts/wire';
import type { RiskPolicy } from './policy.ts';
import { defaultRuleSet, type Rule, type RuleSet } from './rule-set.ts';

type Described = Partial<Pick<Rule, 'base' | 'armed' | 'alert'>>;

/** What a site says of an event’s kind; undefined where it leaves the built-in rule as it is. */
function describedFor(
  events: RuleSetFile['events'],
  event: StoredEvent,
): { readonly [Key in keyof Described]?: Described[Key] | undefined } | undefined {
  switch (event.type) {
    case 'watchpost.sensor.alarm.v1':
      return events['sensor.alarm']?.[event.data.kind];
    case 'watchpost.pass.rejected.v1':
      return events['pass.rejected']?.[event.data.reason];
    case 'watchpost.report.received.v1':
      return events['report.received']?.[event.data.category];
    case 'watchpost.warning.received.v1':
      return events['warning.received']?.[event.data.severity];
    case 'watchpost.face.candidate.v1':
      return event.data.list === 'watch' ? events['face.candidate'] : undefined;
    case 'watchpost.face.abstain.v1':
    case 'watchpost.pass.accepted.v1':
    case 'watchpost.address.scanned.v1':
    case 'watchpost.sensor.cleared.v1':
    case 'watchpost.tamper.cleared.v1':
    case 'watchpost.system.restored.v1':
    case 'watchpost.warning.ended.v1':
      return undefined;
    default:
      return events[event.type.slice('watchpost.'.length, -'.v1'.length) as keyof typeof events] as Described;
  }
}

/** The rules that a file describes, as the scoring uses them. */
export function ruleSetOf({ id, rules: { events, context } }: NamedRuleSet): RuleSet {
  const otherwise = defaultRuleSet;
  const [one, several] = otherwise.corroboration;
  return {
    version: id,
    ruleFor: (event) => {
      const builtIn = otherwise.ruleFor(event);
      const described = describedFor(events, event);
      if (!described) return builtIn;
      const { base = builtIn.base, armed = builtIn.armed, alert = builtIn.alert } = described;
      return { ...builtIn, base, armed, alert };
    },
    zoneSwing: context.zone ?? otherwise.zoneSwing,
    corroboration: [context.corroboration?.one ?? one, context.corroboration?.several ?? several],
    recencyPerMinute: context.recency?.perMinute ?? otherwise.recencyPerMinute,
    recencyFloor: context.recency?.most === undefined ? otherwise.recencyFloor : -context.recency.most,
    trustSwing: context.trust ?? otherwise.trustSwing,
    confidenceSwing: context.confidence ?? otherwise.confidenceSwing,
  };
}

/** A site’s policy of risk under a rule set, whose severity bands go before those of the site file. */
export const riskUnder = (policy: RiskPolicy, named: NamedRuleSet | undefined): RiskPolicy =>
  named?.rules.severities ? { ...policy, severities: named.rules.severities } : policy;
