import type { RuleOfKind, ShownRule } from '@watchpost/contracts/api';
import { usePageTexts } from '../../texts/texts.tsx';
import { isOther, keyOf, type RuleDraft } from './rule-draft.ts';
import { ruleTitle } from './rule-title.ts';
import type { rulesEn } from './texts-en.ts';

interface RuleTableProps {
  readonly rules: readonly RuleOfKind[];
  readonly draft: RuleDraft;
  readonly onRule: (key: string, rule: ShownRule) => void;
}

/** What each kind of event scores and when it alerts, to be changed in place. */
export function RuleTable({ rules, draft, onRule }: RuleTableProps) {
  const { t } = usePageTexts<typeof rulesEn>();
  return (
    <table className="cards-table rules" data-testid="rules-table">
      <thead>
        <tr>
          <th scope="col">{t('rules.event')}</th>
          <th scope="col">{t('rules.base')}</th>
          <th scope="col">{t('rules.armed')}</th>
          <th scope="col">{t('rules.alert')}</th>
        </tr>
      </thead>
      <tbody>
        {rules.map((rule) => (
          <Row
            key={keyOf(rule)}
            rule={rule}
            drafted={draft.rules.get(keyOf(rule)) ?? rule.inForce}
            onRule={onRule}
          />
        ))}
      </tbody>
    </table>
  );
}

const alertChoices = ['always', 'when_armed', 'never'] as const;

interface RowProps {
  readonly rule: RuleOfKind;
  readonly drafted: ShownRule;
  readonly onRule: (key: string, rule: ShownRule) => void;
}

function Row({ rule, drafted, onRule }: RowProps) {
  const texts = usePageTexts<typeof rulesEn>();
  const { t } = texts;
  const key = keyOf(rule);
  const title = ruleTitle(texts, rule);
  const changed = isOther(drafted, rule.inForce);
  const points = (field: 'base' | 'armed', least: number) => (
    <input
      className="field-input"
      type="number"
      min={least}
      max={100}
      value={drafted[field]}
      aria-label={t(`rules.${field}Of`, { event: title })}
      onChange={({ target }) => onRule(key, { ...drafted, [field]: wholeOf(target.value, least) })}
      data-testid={`rule-${field}-${key}`}
    />
  );
  return (
    <tr data-testid={`rule-${key}`} data-changed={changed || undefined}>
      <th scope="row">
        {title}
        {rule.lifeSafety && <small className="muted">{t('rules.lifeSafety')}</small>}
        {changed && <small className="rules-changed">{t('rules.changed')}</small>}
      </th>
      <td data-label={t('rules.base')}>{points('base', 0)}</td>
      <td data-label={t('rules.armed')}>{points('armed', rule.lifeSafety ? 0 : -100)}</td>
      <td data-label={t('rules.alert')}>
        {rule.lifeSafety ? (
          t('rules.alert.always')
        ) : (
          <select
            className="field-input"
            value={drafted.alert}
            aria-label={t('rules.alertOf', { event: title })}
            onChange={({ target }) => onRule(key, { ...drafted, alert: target.value as ShownRule['alert'] })}
            data-testid={`rule-alert-${key}`}
          >
            {alertChoices.map((choice) => (
              <option key={choice} value={choice}>
                {t(`rules.alert.${choice}`)}
              </option>
            ))}
          </select>
        )}
      </td>
    </tr>
  );
}

const wholeOf = (text: string, least: number): number =>
  Math.min(100, Math.max(least, Math.trunc(Number(text)) || 0));
