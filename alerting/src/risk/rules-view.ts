import type { RulesView } from '@watchpost/contracts/api';
import type { NamedRuleSet, RuleSetFile } from '@watchpost/contracts/site';
import type { SiteId } from '@watchpost/contracts/wire';
import { riskUnder } from './described-rules.ts';
import type { RiskPolicy } from './policy.ts';
import { type BuiltInRule, builtInRules, defaultRuleSet, type Rule } from './rule-set.ts';

type Said = Partial<Pick<Rule, 'base' | 'armed' | 'alert'>>;

/** How the events of a site are judged, as people read it. @param policy of its site file */
export function rulesView(site: SiteId, policy: RiskPolicy, named: NamedRuleSet | undefined): RulesView {
  const { medium, high, critical } = riskUnder(policy, named).severities;
  return {
    site,
    ruleSet: named?.id ?? defaultRuleSet.version,
    file: named?.rules ?? null,
    severities: { medium, high, critical },
    rules: builtInRules.map((builtIn) => {
      const { event, kind, rule } = builtIn;
      const { base, armed, alert, lifeSafety } = rule;
      const asBuilt = { base, armed, alert };
      return {
        ...{ event, lifeSafety, builtIn: asBuilt },
        ...(kind === undefined ? {} : { kind }),
        inForce: { ...asBuilt, ...saidOf(named?.rules.events, builtIn) },
      };
    }),
  };
}

/** What a rule set says of a kind of event; what it leaves out is as built in. */
function saidOf(events: RuleSetFile['events'] | undefined, { event, kind }: BuiltInRule): Said {
  const ofEvent = (events as Readonly<Record<string, unknown>> | undefined)?.[event];
  const said =
    kind === undefined ? ofEvent : (ofEvent as Readonly<Record<string, unknown>> | undefined)?.[kind];
  return Object.fromEntries(Object.entries((said as Said) ?? {}).filter(([, value]) => value !== undefined));
}
