import type { SitePlan } from '@watchpost/contracts/site';
import { useTexts } from '../../texts/texts.tsx';

export interface PlanSwitchProps {
  readonly plans: readonly SitePlan[];
  readonly shown: SitePlan;
  /** Alerts that nobody has taken, by the id of their plan. */
  readonly open: ReadonlyMap<string, number>;
  readonly onChoose: (plan: string) => void;
}

/**
 * Which floor or building is looked at; nothing where there is one. What is open on another stands beside it,
 * so that it is seen without a choice.
 */
export function PlanSwitch({ plans, shown, open, onChoose }: PlanSwitchProps) {
  const { t, language, number } = useTexts();
  if (plans.length < 2) return null;
  const nameOf = ({ id, name }: SitePlan) => name?.[language] ?? id;
  const elsewhere = plans.filter(({ id }) => id !== shown.id && open.has(id));
  return (
    <div className="plan-switch" data-testid="plan-switch">
      <select
        aria-label={t('plan.choose')}
        value={shown.id}
        onChange={({ target }) => onChoose(target.value)}
      >
        {plans.map((plan) => {
          const count = open.get(plan.id);
          return (
            <option key={plan.id} value={plan.id}>
              {nameOf(plan)}
              {count ? ` (${number(count)})` : ''}
            </option>
          );
        })}
      </select>
      {elsewhere.length > 0 && (
        <ul aria-label={t('plan.elsewhere')}>
          {elsewhere.map((plan) => (
            <li key={plan.id}>
              <button type="button" data-plan={plan.id} onClick={() => onChoose(plan.id)}>
                {t('plan.open', { plan: nameOf(plan), count: open.get(plan.id) ?? 0 })}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
