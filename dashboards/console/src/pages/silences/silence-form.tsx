import type { Severity } from '@watchpost/contracts/alert';
import type { Session, SilencePreview, SilenceRequest } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { newId } from '../../api/new-id.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field, LongField, TickField } from '../../ui/field.tsx';
import type { silencesEn } from '../../ui/silences/texts-en.ts';
import { Submit } from '../../ui/submit.tsx';
import { useAction } from '../../ui/use-action.ts';
import { coveredKinds } from './covered-kinds.ts';

export interface SilenceFormProps {
  readonly ask: Ask;
  readonly sites: ReadonlyMap<string, Site>;
  /** Sites on which the person may make silences; at least one. */
  readonly reach: Session['sites'];
  readonly onDone: () => Promise<void>;
}

const severities = ['critical', 'high', 'medium', 'low'] as const;
const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;
/** Between the last change of the form and the question what it would hide, milliseconds. */
const previewAfterMs = 400;

/** What the form says, as the API takes it; undefined while it has no end. */
function saidIn(form: HTMLFormElement) {
  const fields = new FormData(form);
  const given = (name: string) => String(fields.get(name) ?? '');
  const list = (name: string) => (given(name) === '' ? null : [given(name)]);
  const until = given('until').slice(0, 16);
  if (until === '') return undefined;
  const from = given('from').slice(0, 16);
  const isRecurring = given('recurring') !== '';
  return {
    purpose: given('purpose') as SilenceRequest['purpose'],
    match: {
      ...{ zones: list('zone'), devices: list('device'), kinds: list('kind') },
      ...{ highest: given('highest') as Severity, danger: given('danger') !== '' },
    },
    ...(from === '' ? {} : { from }),
    until,
    hours: isRecurring
      ? { weekdays: fields.getAll('weekday').map(Number), from: given('hoursFrom'), to: given('hoursTo') }
      : null,
  };
}

/** Asks a little after each change of the form what it would hide. */
function usePreview(ask: Ask, site: string) {
  const [preview, setPreview] = useState<SilencePreview | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const turn = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const look = (form: HTMLFormElement) => {
    clearTimeout(timer.current);
    turn.current += 1;
    const mine = turn.current;
    const said = saidIn(form);
    if (!said) return setPreview(null);
    timer.current = setTimeout(() => {
      call(ask, 'POST /silences/preview', { query: { site }, body: said }).then(
        (answer) => mine === turn.current && setPreview(answer),
        // What is wrong with the form is said when it is sent.
        () => mine === turn.current && setPreview(null),
      );
    }, previewAfterMs);
  };
  return { preview, look };
}

/** Makes a silence; while it is written, says what it would hide. */
export function SilenceForm({ ask, sites, reach, onDone }: SilenceFormProps) {
  const { t, language } = usePageTexts<typeof silencesEn>();
  const action = useAction();
  const [siteId, setSiteId] = useState(reach[0]?.site ?? '');
  const [isRecurring, setIsRecurring] = useState(false);
  // A press that is repeated after a lost answer makes one.
  const [id, setId] = useState(newId);
  const { preview, look } = usePreview(ask, siteId);
  const site = sites.get(siteId);
  const own = reach.find((one) => one.site === siteId);
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const reason = String(new FormData(form).get('reason') ?? '');
    const said = saidIn(form);
    if (!said) return;
    await action.run(async () => {
      await call(ask, 'POST /silences', { query: { site: siteId }, body: { id, ...said, reason } });
      setId(newId());
      form.reset();
      setIsRecurring(false);
      await onDone();
    });
  }
  return (
    <details className="silence-form">
      <summary data-testid="silence-new">{t('silences.new')}</summary>
      <form
        className="managed-form"
        onSubmit={(event) => void submit(event)}
        onChange={({ currentTarget }) => look(currentTarget)}
        data-testid="silence-form"
      >
        {reach.length > 1 && (
          <Choice
            {...{ label: t('silences.site'), name: 'site', testId: 'silence-site', onChosen: setSiteId }}
            options={reach.map((one) => [one.site, sites.get(one.site)?.name[language] ?? one.site])}
          />
        )}
        <Choice
          {...{ label: t('silences.purpose'), name: 'purpose', testId: 'silence-purpose' }}
          options={[
            ['quiet', t('silences.purpose.quiet')],
            ['walk_test', t('silences.purpose.walk_test')],
          ]}
        />
        <Choice
          {...{ label: t('silences.zone'), name: 'zone', testId: 'silence-zone' }}
          options={[
            ...(own?.zones === null ? [['', t('silences.all')] as const] : []),
            ...(site?.zones ?? [])
              .filter((zone) => own?.zones?.includes(zone.id) ?? true)
              .map((zone) => [zone.id, zone.name[language]] as const),
          ]}
        />
        <Choice
          {...{ label: t('silences.device'), name: 'device', testId: 'silence-device' }}
          options={[
            ['', t('silences.all')],
            ...(site?.devices ?? []).map((device) => [device.id, device.name[language]] as const),
          ]}
        />
        <Choice
          {...{ label: t('silences.kind'), name: 'kind', testId: 'silence-kind' }}
          options={[['', t('silences.all')], ...coveredKinds.map(([kind, text]) => [kind, t(text)] as const)]}
        />
        <Choice
          {...{ label: t('silences.highest'), name: 'highest', testId: 'silence-highest' }}
          options={severities.map((severity) => [severity, t(`severity.${severity}`)] as const)}
        />
        <TickField label={t('silences.dangerToo')} name="danger" data-testid="silence-danger-too" />
        <Field
          label={t('silences.begins')}
          hint={t('silences.beginsHint', { zone: site?.timeZone ?? '' })}
          {...{ name: 'from', type: 'datetime-local' }}
          data-testid="silence-from"
        />
        <Field
          label={t('silences.ends')}
          hint={t('silences.endsHint')}
          {...{ name: 'until', type: 'datetime-local', required: true }}
          data-testid="silence-until"
        />
        <TickField
          label={t('silences.recurring')}
          {...{ name: 'recurring', checked: isRecurring }}
          onChange={({ target }) => setIsRecurring(target.checked)}
          data-testid="silence-recurring"
        />
        {isRecurring && <Hours />}
        <LongField
          label={t('silences.why')}
          {...{ name: 'reason', required: true, minLength: 3, maxLength: 500 }}
          data-testid="silence-reason"
        />
        <p role="status" data-testid="silence-preview">
          {preview && t('silences.preview', { now: preview.now, before: preview.before, days: preview.days })}{' '}
          {preview && preview.danger > 0 && t('silences.previewDanger', { count: preview.danger })}
        </p>
        <Submit action={action} label={t('silences.make')} testId="silence-make" />
      </form>
    </details>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly name: string;
  readonly testId: string;
  readonly options: readonly (readonly [string, string])[];
  readonly onChosen?: (value: string) => void;
}

function Choice({ label, name, testId, options, onChosen }: ChoiceProps) {
  return (
    <label className="field">
      <span className="field-label">{label}</span>
      <select
        className="field-input"
        name={name}
        data-testid={testId}
        onChange={({ target }) => onChosen?.(target.value)}
      >
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** On which days, and from when to when. */
function Hours() {
  const { t } = usePageTexts<typeof silencesEn>();
  return (
    <fieldset className="choices">
      <legend>{t('silences.recurring')}</legend>
      {weekdays.map((day) => (
        <TickField
          key={day}
          label={t(`silences.weekday.${day}`)}
          {...{ name: 'weekday', value: day, defaultChecked: true }}
          data-testid={`silence-day-${day}`}
        />
      ))}
      <Field
        label={t('silences.from')}
        {...{ type: 'time', name: 'hoursFrom', required: true, defaultValue: '08:00' }}
        data-testid="silence-hours-from"
      />
      <Field
        label={t('silences.to')}
        {...{ type: 'time', name: 'hoursTo', required: true, defaultValue: '18:00' }}
        data-testid="silence-hours-to"
      />
    </fieldset>
  );
}
