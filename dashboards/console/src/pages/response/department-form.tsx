import type { IncidentConcern } from '@watchpost/contracts/alert';
import type { Department, DepartmentKind } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import { type FormEvent, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { newId } from '../../api/new-id.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../../ui/field.tsx';
import type { responseEn } from '../../ui/response/texts-en.ts';
import { Submit } from '../../ui/submit.tsx';
import { useAction } from '../../ui/use-action.ts';
import type { Choices } from './choices.ts';
import { SeveralChoice, severalOf } from './several-choice.tsx';

const kinds = Object.keys({
  ...{ police_post: 0, property: 0, fire: 0, medical: 0, school: 0, traffic: 0 },
} satisfies Record<DepartmentKind, 0>) as readonly DepartmentKind[];
const concerns = Object.keys({
  ...{ fire: 0, intrusion: 0, help: 0, access: 0, candidate: 0, utility: 0, technical: 0, other: 0 },
} satisfies Record<IncidentConcern, 0>) as readonly IncidentConcern[];

export interface DepartmentFormProps {
  readonly ask: Ask;
  readonly siteId: string;
  readonly site: Site | null;
  /** Absent: a new one. */
  readonly department?: Department;
  readonly choices: Choices;
  readonly onDone: () => Promise<void>;
}

const orNull = <T,>(list: readonly T[]) => (list.length === 0 ? null : list);

/** Makes a department, or changes one. */
export function DepartmentForm({ ask, siteId, site, department, choices, onDone }: DepartmentFormProps) {
  const { t, language } = usePageTexts<typeof responseEn>();
  const action = useAction();
  const [id, setId] = useState(newId);
  const [isOpen, setOpen] = useState(false);
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const given = (name: string) => String(fields.get(name) ?? '');
    const plan = {
      ...{ kind: given('kind') as DepartmentKind, name: given('name'), receiver: given('receiver') || null },
      zones: orNull(severalOf(fields, 'zones')),
      concerns: orNull(severalOf(fields, 'concerns') as IncidentConcern[]),
      dispatchers: severalOf(fields, 'dispatchers'),
    };
    await action.run(async () => {
      if (department)
        await call(ask, 'POST /response/departments/{id}', {
          params: { id: department.id },
          body: { version: department.version, ...plan },
        });
      else await call(ask, 'POST /response/departments', { query: { site: siteId }, body: { id, ...plan } });
      setId(newId());
      setOpen(false);
      await onDone();
    });
  }
  const testId = department ? 'department-change' : 'department-new';
  return (
    <details
      className="duty-form"
      open={isOpen}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary data-testid={testId}>
        {department ? t('response.change') : t('response.newDepartment')}
      </summary>
      {isOpen && (
        <form className="managed-form" onSubmit={(event) => void submit(event)} data-testid="department-form">
          <Field
            label={t('response.name')}
            {...{ name: 'name', required: true, maxLength: 80, autoComplete: 'off' }}
            defaultValue={department?.name ?? ''}
            data-testid="department-name"
          />
          <label className="field">
            <span className="field-label">{t('response.kindLabel')}</span>
            <select
              className="field-input"
              name="kind"
              defaultValue={department?.kind ?? 'property'}
              data-testid="department-kind"
            >
              {kinds.map((kind) => (
                <option key={kind} value={kind}>
                  {t(`response.kind.${kind}`)}
                </option>
              ))}
            </select>
          </label>
          <label className="field">
            <span className="field-label">{t('response.receiver')}</span>
            <select
              className="field-input"
              name="receiver"
              defaultValue={department?.receiver ?? ''}
              data-testid="department-receiver"
            >
              <option value="">{t('response.noReceiver')}</option>
              {choices.receivers.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </select>
          </label>
          <SeveralChoice
            label={t('response.dispatchers')}
            name="dispatchers"
            options={choices.people}
            chosen={department?.dispatchers?.map((one) => one.id) ?? []}
          />
          <SeveralChoice
            label={t('response.concerns')}
            name="concerns"
            options={concerns.map((one) => ({ id: one, name: t(`response.concern.${one}`) }))}
            chosen={department?.concerns ?? []}
          />
          <SeveralChoice
            label={t('response.zones')}
            name="zones"
            options={site?.zones.map((zone) => ({ id: zone.id, name: zone.name[language] })) ?? []}
            chosen={department?.zones ?? []}
          />
          <Submit action={action} label={t('response.save')} testId="department-save" />
        </form>
      )}
    </details>
  );
}
