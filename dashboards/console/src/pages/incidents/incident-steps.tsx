import { type Disposition, dispositions } from '@watchpost/contracts/alert';
import type { IncidentDetail } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import { type FormEvent, type ReactNode, useCallback, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { newId } from '../../api/new-id.ts';
import { whatHappened, whereOnSite } from '../../texts/alert-texts.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../../ui/field.tsx';
import { Submit } from '../../ui/submit.tsx';
import { useAction } from '../../ui/use-action.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import type { incidentsEn } from './texts-en.ts';

interface StepsProps {
  readonly ask: Ask;
  readonly detail: IncidentDetail;
  readonly site: Site | null;
  readonly onDone: () => Promise<void>;
}

/** What an officer does with an incident as a whole. */
export function IncidentSteps(props: StepsProps) {
  const { ask, detail, onDone } = props;
  const { incident, alerts } = detail;
  const texts = usePageTexts<typeof incidentsEn>();
  const { t } = texts;
  const take = useAction();
  const params = { id: incident.id };
  const { version } = incident;
  return (
    <section className="card" data-testid="incident-steps">
      {incident.state === 'open' && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void take.run(async () => {
              await call(ask, 'POST /incidents/{id}/steps', {
                params,
                body: { version, to: 'acknowledged' },
              });
              await onDone();
            });
          }}
        >
          <Submit action={take} label={t('incidents.take')} testId="incident-take" />
        </form>
      )}
      {incident.state !== 'over' && (
        <StepForm
          {...{ name: 'resolve', open: t('incidents.resolve'), now: t('incidents.resolveNow') }}
          send={async (fields) => {
            const disposition = fields.get('disposition') as Disposition;
            const reason = String(fields.get('reason') ?? '');
            const body = { version, to: 'resolved', disposition, reason } as const;
            await call(ask, 'POST /incidents/{id}/steps', { params, body });
            await onDone();
          }}
        >
          <label className="field">
            <span className="field-label">{t('incidents.itWas')}</span>
            <select className="field-input" name="disposition" required data-testid="incident-disposition">
              {dispositions.map((one) => (
                <option key={one} value={one}>
                  {t(`disposition.${one}`)}
                </option>
              ))}
            </select>
          </label>
          <Field label={t('incidents.reason')} name="reason" maxLength={500} autoComplete="off" />
        </StepForm>
      )}
      <CommentForm {...props} />
      <MergeForm {...props} />
      {alerts.length > 1 && (
        <StepForm
          {...{ name: 'split', open: t('incidents.split'), now: t('incidents.splitNow') }}
          send={async (fields, id) => {
            const reason = String(fields.get('reason') ?? '');
            const body = { id, version, alerts: fields.getAll('alert').map(String), reason };
            await call(ask, 'POST /incidents/{id}/split', { params, body });
            await onDone();
          }}
        >
          <fieldset>
            <legend>{t('incidents.splitWhich')}</legend>
            {alerts.map((alert) => (
              <label key={alert.id} className="field">
                <span>
                  <input type="checkbox" name="alert" value={alert.id} data-testid="incident-split-alert" />{' '}
                  {whatHappened(texts, alert.eventType, alert.details, alert.device)}
                  {', '}
                  {whereOnSite(texts, props.site, alert, false)}
                </span>
              </label>
            ))}
          </fieldset>
          <Field label={t('incidents.reason')} name="reason" required maxLength={500} autoComplete="off" />
        </StepForm>
      )}
    </section>
  );
}

function CommentForm({ ask, detail: { incident }, onDone }: StepsProps) {
  const { t } = usePageTexts<typeof incidentsEn>();
  return (
    <StepForm
      {...{ name: 'comment', open: t('incidents.comment'), now: t('incidents.commentNow') }}
      send={async (fields, id) => {
        const body = { id, text: String(fields.get('text') ?? '') };
        await call(ask, 'POST /incidents/{id}/comments', { params: { id: incident.id }, body });
        await onDone();
      }}
    >
      <Field
        label={t('incidents.commentText')}
        {...{ name: 'text', required: true, maxLength: 500, autoComplete: 'off' }}
        data-testid="incident-comment-text"
      />
    </StepForm>
  );
}

function MergeForm({ ask, detail: { incident }, onDone }: StepsProps) {
  const texts = usePageTexts<typeof incidentsEn>();
  const { t } = texts;
  const { id, site, version } = incident;
  const { value } = useLoaded(
    useCallback(() => call(ask, 'GET /incidents', { query: { site, limit: 200 } }), [ask, site]),
  );
  const others = value?.incidents.filter((one) => one.id !== id) ?? [];
  if (others.length === 0) return null;
  return (
    <StepForm
      {...{ name: 'merge', open: t('incidents.merge'), now: t('incidents.mergeNow') }}
      send={async (fields) => {
        const said = (name: string) => String(fields.get(name) ?? '');
        const body = { version, into: said('into'), reason: said('reason') };
        await call(ask, 'POST /incidents/{id}/merge', { params: { id }, body });
        await onDone();
      }}
    >
      <label className="field">
        <span className="field-label">{t('incidents.mergeInto')}</span>
        <select className="field-input" name="into" required data-testid="incident-merge-into">
          {others.map(({ id: other, lead, alerts }) => (
            <option key={other} value={other}>
              {lead ? whatHappened(texts, lead.eventType, lead.details, lead.device) : other}
              {' · '}
              {t('incidents.alerts', { count: alerts })}
            </option>
          ))}
        </select>
      </label>
      <Field label={t('incidents.reason')} name="reason" required maxLength={500} autoComplete="off" />
    </StepForm>
  );
}

interface StepFormProps {
  readonly name: string;
  /** What opens it. */
  readonly open: string;
  readonly now: string;
  /** `id` is the same when a press is repeated after a lost answer. */
  readonly send: (fields: FormData, id: string) => Promise<void>;
  readonly children: ReactNode;
}

/** A step that needs some words first. */
function StepForm({ name, open, now, send, children }: StepFormProps) {
  const action = useAction();
  const [id, setId] = useState(newId);
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const isDone = await action.run(() => send(fields, id));
    if (!isDone) return;
    setId(newId());
    form.reset();
  }
  return (
    <details className="duty-form">
      <summary data-testid={`incident-${name}-open`}>{open}</summary>
      <form className="managed-form" onSubmit={(event) => void submit(event)}>
        {children}
        <Submit action={action} label={now} testId={`incident-${name}`} />
      </form>
    </details>
  );
}
