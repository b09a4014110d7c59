import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../../ui/field.tsx';
import { type Choice, Choices } from './choices.tsx';
import type { KnownTargets } from './known-targets.ts';
import type { escalationEn } from './texts-en.ts';
import type { WrittenStep } from './written-step.ts';

export interface StepFieldsProps {
  readonly step: WrittenStep;
  readonly index: number;
  readonly targets: KnownTargets;
  readonly onChange: (step: WrittenStep) => void;
  readonly onRemove: (() => void) | undefined;
}

/** A step of a policy: when, whom, and how often again. */
export function StepFields({ step, index, targets, onChange, onRemove }: StepFieldsProps) {
  const { t } = usePageTexts<typeof escalationEn>();
  const known: Choice[] = [
    ...targets.rotas.map(({ id, name }): Choice => [`rota ${id}`, t('escalation.onDutyBy', { rota: name })]),
    ...targets.people.map(({ id, name }): Choice => [`person ${id}`, name]),
    ...targets.receivers.map(({ id, name }): Choice => [`receiver ${id}`, name]),
  ];
  // Who is gone stays to be seen, and to be taken out.
  const gone = step.targets.filter((one) => !known.some(([value]) => value === one));
  const choices = [...known, ...gone.map((one): Choice => [one, t('escalation.gone')])];
  return (
    <fieldset className="escalation-step" data-testid="policy-step-fields">
      <legend>{t('escalation.step', { number: index + 1 })}</legend>
      <Field
        label={index === 0 ? t('escalation.waitFirst') : t('escalation.wait')}
        {...{ type: 'number', min: 0, max: 1_440, step: 'any', required: true, value: step.wait }}
        onChange={({ target }) => onChange({ ...step, wait: target.value })}
        data-testid={`step-${index}-wait`}
      />
      <Choices
        label={t('escalation.whom')}
        choices={choices}
        chosen={step.targets}
        onChange={(chosen) => onChange({ ...step, targets: chosen })}
        testId={`step-${index}`}
      />
      <Field
        label={t('escalation.every')}
        hint={t('escalation.everyHint')}
        {...{ type: 'number', min: 1, max: 1_440, step: 'any', value: step.every }}
        onChange={({ target }) => onChange({ ...step, every: target.value })}
        data-testid={`step-${index}-every`}
      />
      {step.every !== '' && (
        <Field
          label={t('escalation.times')}
          hint={t('escalation.timesHint')}
          {...{ type: 'number', min: 1, max: 1_000, value: step.times }}
          onChange={({ target }) => onChange({ ...step, times: target.value })}
          data-testid={`step-${index}-times`}
        />
      )}
      {onRemove && (
        <button type="button" className="button" onClick={onRemove} data-testid={`step-${index}-remove`}>
          {t('escalation.removeStep')}
        </button>
      )}
    </fieldset>
  );
}
