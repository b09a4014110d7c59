import { incidentConcerns, severities } from '@watchpost/contracts/alert';
import type { EscalationPolicy, EscalationPolicyRequest } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import { type FormEvent, useMemo, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { newId } from '../../api/new-id.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../../ui/field.tsx';
import { Submit } from '../../ui/submit.tsx';
import { useAction } from '../../ui/use-action.ts';
import { type Choice, Choices } from './choices.tsx';
import type { KnownTargets } from './known-targets.ts';
import { StepFields } from './step-fields.tsx';
import type { escalationEn } from './texts-en.ts';
import { newStep, stepOf, writtenStep } from './written-step.ts';

export interface PolicyFormProps {
  readonly ask: Ask;
  readonly siteId: string;
  readonly site: Site | undefined;
  readonly targets: KnownTargets;
  /** The one that is changed; without it a new one. */
  readonly policy?: EscalationPolicy;
  /** Of a new one. */
  readonly place: number;
  readonly onDone: () => Promise<void>;
  readonly onCancel: () => void;
}

/** A policy: for what it is, and its steps. */
export function PolicyForm(props: PolicyFormProps) {
  const { ask, siteId, site, targets, policy, place, onDone, onCancel } = props;
  const { t, language } = usePageTexts<typeof escalationEn>();
  const action = useAction();
  // A press that is repeated after a lost answer makes one policy.
  const id = useMemo(() => policy?.id ?? newId(), [policy]);
  const [steps, setSteps] = useState(() => policy?.steps.map(writtenStep) ?? [newStep()]);
  const [chosen, setChosen] = useState({
    severities: policy?.severities ?? ['critical', 'high'],
    zones: policy?.zones ?? [],
    concerns: policy?.concerns ?? [],
  });
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const orAll = <T,>(all: readonly T[]) => (all.length === 0 ? null : all);
    const request = {
      ...{ id, version: policy?.version ?? null, name: String(fields.get('name') ?? '').trim() },
      ...{ place: Number(fields.get('place')), severities: chosen.severities },
      ...{ zones: orAll(chosen.zones), concerns: orAll(chosen.concerns), steps: steps.map(stepOf) },
    } as EscalationPolicyRequest;
    await action.run(async () => {
      await call(ask, 'POST /escalation/policies', { query: { site: siteId }, body: request });
      await onDone();
    });
  }
  const severityChoices: Choice[] = severities.toReversed().map((one) => [one, t(`severity.${one}`)]);
  const zoneChoices = site?.zones.map((zone): Choice => [zone.id, zone.name[language] ?? zone.id]) ?? [];
  const concernChoices = incidentConcerns.map((one): Choice => [one, t(`escalation.concern.${one}`)]);
  return (
    <form className="managed-form" onSubmit={(event) => void submit(event)} data-testid="policy-form">
      <Field
        label={t('escalation.name')}
        {...{ name: 'name', required: true, maxLength: 80, autoComplete: 'off', defaultValue: policy?.name }}
        data-testid="policy-name"
      />
      <Field
        label={t('escalation.place')}
        {...{ name: 'place', type: 'number', min: 1, max: 1_000, required: true }}
        defaultValue={policy?.place ?? place}
        data-testid="policy-place"
      />
      <Choices
        label={t('escalation.severities')}
        choices={severityChoices}
        chosen={chosen.severities}
        onChange={(all) => setChosen({ ...chosen, severities: all as typeof chosen.severities })}
        testId="policy-severity"
      />
      <Choices
        label={t('escalation.zones')}
        hint={t('escalation.zonesHint')}
        choices={zoneChoices}
        chosen={chosen.zones}
        onChange={(all) => setChosen({ ...chosen, zones: all as typeof chosen.zones })}
        testId="policy-zone"
      />
      <Choices
        label={t('escalation.concerns')}
        hint={t('escalation.concernsHint')}
        choices={concernChoices}
        chosen={chosen.concerns}
        onChange={(all) => setChosen({ ...chosen, concerns: all as typeof chosen.concerns })}
        testId="policy-concern"
      />
      {steps.map((step, index) => (
        <StepFields
          key={step.key}
          {...{ step, index, targets }}
          onChange={(changed) => setSteps(steps.map((one) => (one.key === step.key ? changed : one)))}
          onRemove={
            steps.length > 1 ? () => setSteps(steps.filter(({ key }) => key !== step.key)) : undefined
          }
        />
      ))}
      <button
        type="button"
        className="button"
        onClick={() => setSteps([...steps, newStep()])}
        data-testid="policy-add-step"
      >
        {t('escalation.addStep')}
      </button>
      <div className="steps-row">
        <Submit action={action} label={t('escalation.save')} testId="policy-save" />
        <button type="button" className="button" onClick={onCancel} data-testid="policy-cancel">
          {t('manage.cancel')}
        </button>
      </div>
    </form>
  );
}
