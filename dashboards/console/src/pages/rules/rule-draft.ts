import type { RuleOfKind, RulesView, ShownRule } from '@watchpost/contracts/api';
import type { RuleSetFile } from '@watchpost/contracts/site';

/** The score from which an alert is of each severity. */
export type Bands = RulesView['severities'];
export const bandNames = ['medium', 'high', 'critical'] as const satisfies readonly (keyof Bands)[];

/** Rules as somebody changes them, before they are tried: all kinds, and the bands. */
export interface RuleDraft {
  readonly bands: Bands;
  /** By {@link keyOf}. */
  readonly rules: ReadonlyMap<string, ShownRule>;
}

export const keyOf = ({ event, kind }: Pick<RuleOfKind, 'event' | 'kind'>): string =>
  kind === undefined ? event : `${event}.${kind}`;

/** The rules in force, as the beginning of a draft. */
export const draftOf = ({ severities, rules }: RulesView): RuleDraft => ({
  bands: severities,
  rules: new Map(rules.map((rule) => [keyOf(rule), rule.inForce])),
});

export const withRule = (draft: RuleDraft, key: string, rule: ShownRule): RuleDraft => ({
  ...draft,
  rules: new Map(draft.rules).set(key, rule),
});

const fields = ['base', 'armed', 'alert'] as const;

/** Whether something is another than in force. */
export function isChanged({ bands, rules }: RuleDraft, view: RulesView): boolean {
  return (
    bandNames.some((name) => bands[name] !== view.severities[name]) ||
    view.rules.some((rule) => isOther(rules.get(keyOf(rule)), rule.inForce))
  );
}

export const isOther = (one: ShownRule | undefined, other: ShownRule): boolean =>
  one !== undefined && fields.some((field) => one[field] !== other[field]);

/** Which band does not lie above the one before; undefined while all ascend. */
export const bandOutOfOrder = ({ medium, high, critical }: Bands): keyof Bands | undefined => {
  if (high <= medium) return 'high';
  return critical <= high ? 'critical' : undefined;
};

/** The draft as a rule set says it: what differs from the built-in rules; all else as in the one in force. */
export function ruleSetOf({ bands, rules }: RuleDraft, view: RulesView): RuleSetFile {
  const events: Record<string, unknown> = {};
  for (const { event, kind, builtIn } of view.rules) {
    const rule = rules.get(keyOf({ event, kind }));
    if (!rule || !isOther(rule, builtIn)) continue;
    const said = Object.fromEntries(
      fields.filter((field) => rule[field] !== builtIn[field]).map((field) => [field, rule[field]]),
    );
    events[event] = kind === undefined ? said : { ...(events[event] as object), [kind]: said };
  }
  const { file } = view;
  const isOwnBands =
    file?.severities !== undefined || bandNames.some((name) => bands[name] !== view.severities[name]);
  return {
    version: 1,
    extends: 'wp-1',
    ...(file?.note === undefined ? {} : { note: file.note }),
    ...(isOwnBands ? { severities: bands } : {}),
    events: events as RuleSetFile['events'],
    context: file?.context ?? {},
  };
}
