import type { Department, DutyPerson } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useCallback, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { AskFirst } from '../../ui/ask-first.tsx';
import { LongField } from '../../ui/field.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import type { responseEn } from '../../ui/response/texts-en.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import type { Choices } from './choices.ts';
import { DepartmentForm } from './department-form.tsx';
import { UnitForm } from './unit-form.tsx';

async function loadDepartments(ask: Ask, site: string) {
  const of = { query: { site } };
  const [{ departments }, { people }, { receivers }] = await Promise.all([
    call(ask, 'GET /response/departments', of),
    call(ask, 'GET /response/people', of),
    call(ask, 'GET /receivers', of),
  ]);
  return { departments, choices: { people, receivers } };
}

/** The departments of a site, their people and units, for who keeps them. */
export function DepartmentsPage({ ask, session, sites }: ManagedPageProps) {
  const { t } = usePageTexts<typeof responseEn>();
  const kept = session.sites.filter(({ permissions }) => permissions.includes('response.manage'));
  const [siteId, setSiteId] = useState<string>(kept[0]?.site ?? '');
  const { value, problem, reload } = useLoaded(
    useCallback(() => loadDepartments(ask, siteId), [ask, siteId]),
  );
  const site = sites.get(siteId) ?? null;
  return (
    <>
      <h2>{t('manage.departments')}</h2>
      <p className="muted">{t('response.departmentsLead')}</p>
      {kept.length > 1 && (
        <label className="field">
          <span className="field-label">{t('response.site')}</span>
          <select
            className="field-input"
            value={siteId}
            onChange={({ target }) => setSiteId(target.value)}
            data-testid="departments-site"
          >
            {kept.map((one) => (
              <option key={one.site} value={one.site}>
                {one.site}
              </option>
            ))}
          </select>
        </label>
      )}
      <p className="problem" role="alert" data-testid="departments-problem">
        {problem}
      </p>
      {value && (
        <>
          {value.departments.length === 0 && (
            <p data-testid="departments-none">{t('response.noDepartments')}</p>
          )}
          {value.departments.map((department) => (
            <DepartmentPart
              key={department.id}
              {...{ ask, department, site, choices: value.choices, onChanged: reload }}
            />
          ))}
          <DepartmentForm {...{ ask, siteId, site, choices: value.choices, onDone: reload }} />
        </>
      )}
      <button type="button" className="button" onClick={() => void reload()} data-testid="departments-again">
        {t('response.again')}
      </button>
    </>
  );
}

interface DepartmentPartProps {
  readonly ask: Ask;
  readonly department: Department;
  readonly site: Parameters<typeof DepartmentForm>[0]['site'];
  readonly choices: Choices;
  readonly onChanged: () => Promise<void>;
}

function DepartmentPart({ ask, department, site, choices, onChanged }: DepartmentPartProps) {
  const { t } = usePageTexts<typeof responseEn>();
  const { id, kind, name, dispatchers, units } = department;
  const people = (list: readonly DutyPerson[] | null) =>
    list?.map((one) => one.name || t('response.gone')).join(', ') || t('response.nobody');
  type Ending = 'POST /response/departments/{id}/end' | 'POST /response/units/{id}/end';
  const end = (route: Ending, of: string) => async (fields: FormData) => {
    const body = { reason: String(fields.get('reason') ?? '') };
    await call(ask, route, { params: { id: of }, body });
    await onChanged();
  };
  const why = (testId: string) => (
    <LongField
      label={t('response.why')}
      {...{ name: 'reason', required: true, minLength: 3, maxLength: 500 }}
      data-testid={testId}
    />
  );
  return (
    <section className="managed-part" aria-label={name} data-testid="department">
      <h3>{name}</h3>
      <p>
        {t(`response.kind.${kind}`)} · {t('response.dispatcherNames')} – {people(dispatchers)}
      </p>
      <h4>{t('response.units')}</h4>
      {units?.length === 0 && <p>{t('response.noUnits')}</p>}
      <ul className="response-list">
        {units?.map((unit) => (
          <li key={unit.id} className="response-task" data-testid="unit">
            <p>
              <b>{unit.name}</b> · {t('response.members')} – {people(unit.members)}
              {unit.duty === 'always' && ` · ${t('response.always')}`}
            </p>
            <UnitForm {...{ ask, department, unit, choices, onDone: onChanged }} />
            <AskFirst
              button={t('response.endUnit')}
              testId="unit-end"
              title={`${t('response.endUnit')}: ${unit.name}`}
              text={t('response.endUnitText')}
              onConfirm={end('POST /response/units/{id}/end', unit.id)}
            >
              {why('unit-end-reason')}
            </AskFirst>
          </li>
        ))}
      </ul>
      <UnitForm {...{ ask, department, choices, onDone: onChanged }} />
      <DepartmentForm {...{ ask, siteId: department.site, site, department, choices, onDone: onChanged }} />
      <AskFirst
        button={t('response.endDepartment')}
        testId="department-end"
        title={`${t('response.endDepartment')}: ${name}`}
        text={t('response.endDepartmentText')}
        onConfirm={end('POST /response/departments/{id}/end', id)}
      >
        {why('department-end-reason')}
      </AskFirst>
    </section>
  );
}
