import type { DutyPerson } from '@watchpost/contracts/api';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../../ui/field.tsx';
import type { dutyEn } from './texts-en.ts';
import type { WrittenLayer } from './written-layer.ts';

export interface LayerFieldsProps {
  readonly layer: WrittenLayer;
  readonly index: number;
  readonly people: readonly DutyPerson[];
  readonly onChange: (changed: Partial<WrittenLayer>) => void;
  /** Absent: it is the only one. */
  readonly onRemove: (() => void) | undefined;
}

/** What is offered of days; a layer that was made otherwise keeps its own. */
const offeredDays = ['1,2,3,4,5,6,7', '1,2,3,4,5', '6,7', 'working_days', 'days_off'] as const;
const dayTexts = {
  '1,2,3,4,5,6,7': 'duty.days.every',
  '1,2,3,4,5': 'duty.days.weekdays',
  '6,7': 'duty.days.weekend',
  working_days: 'duty.days.working',
  days_off: 'duty.days.off',
} as const;
const unitTexts = { day: 'duty.unit.day', week: 'duty.unit.week', month: 'duty.unit.month' } as const;

/** One layer of a rota: which days, from when to when, and who takes turns. */
export function LayerFields({ layer, index, people, onChange, onRemove }: LayerFieldsProps) {
  const { t } = usePageTexts<typeof dutyEn>();
  const nameOf = (id: string) => people.find((one) => one.id === id)?.name ?? t('duty.gone');
  const days = offeredDays.some((one) => one === layer.days) ? offeredDays : [layer.days, ...offeredDays];
  const text = (name: 'name' | 'from' | 'to' | 'since' | 'every') => ({
    ...{ required: true, value: layer[name], 'data-testid': `layer-${index}-${name}` },
    onChange: ({ target }: { readonly target: { readonly value: string } }) =>
      onChange({ [name]: target.value }),
  });
  return (
    <fieldset className="duty-layer" data-testid="rota-layer">
      <legend>{t('duty.layer', { number: index + 1 })}</legend>
      <Field label={t('duty.name')} maxLength={80} autoComplete="off" {...text('name')} />
      <label className="field">
        <span className="field-label">{t('duty.days')}</span>
        <select
          className="field-input"
          value={layer.days}
          onChange={({ target }) => onChange({ days: target.value })}
          data-testid={`layer-${index}-days`}
        >
          {days.map((one) => (
            <option key={one} value={one}>
              {one in dayTexts ? t(dayTexts[one as keyof typeof dayTexts]) : one}
            </option>
          ))}
        </select>
      </label>
      <Field label={t('duty.from')} type="time" {...text('from')} />
      <Field label={t('duty.to')} type="time" hint={t('duty.toHint')} {...text('to')} />
      <label className="field">
        <span className="field-label">{t('duty.unit')}</span>
        <select
          className="field-input"
          value={layer.unit}
          onChange={({ target }) => onChange({ unit: target.value as WrittenLayer['unit'] })}
          data-testid={`layer-${index}-unit`}
        >
          {(['day', 'week', 'month'] as const).map((unit) => (
            <option key={unit} value={unit}>
              {t(unitTexts[unit])}
            </option>
          ))}
        </select>
      </label>
      <Field label={t('duty.every')} type="number" min={1} max={60} {...text('every')} />
      <Field label={t('duty.sinceDay')} type="date" {...text('since')} />
      <ol className="duty-turns">
        {layer.people.map((id, turn) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: somebody may have several turns
          <li key={`${id} ${turn}`} data-testid={`layer-${index}-turn`}>
            {nameOf(id)}
            <button
              type="button"
              className="button button-quiet"
              onClick={() => onChange({ people: layer.people.filter((_, at) => at !== turn) })}
              aria-label={t('duty.takeOut', { who: nameOf(id) })}
            >
              ×
            </button>
          </li>
        ))}
      </ol>
      <label className="field">
        <span className="field-label">{t('duty.addPerson')}</span>
        <select
          className="field-input"
          value=""
          onChange={({ target }) => onChange({ people: [...layer.people, target.value] })}
          data-testid={`layer-${index}-add`}
        >
          <option value="" disabled>
            {t('duty.choose')}
          </option>
          {people.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {onRemove && (
        <button type="button" className="button button-danger" onClick={onRemove}>
          {t('duty.removeLayer')}
        </button>
      )}
    </fieldset>
  );
}
