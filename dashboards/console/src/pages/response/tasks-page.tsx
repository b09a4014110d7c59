import { call } from '@watchpost/contracts/client';
import { useCallback, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { OfferItem } from '../../ui/response/offer-item.tsx';
import { TaskItem } from '../../ui/response/task-item.tsx';
import type { responseEn } from '../../ui/response/texts-en.ts';
import { usePolled } from '../../ui/response/use-polled.ts';
import { PositionSwitch } from './position-switch.tsx';
import { UnitsPart } from './units-part.tsx';

/** What is asked of the person’s units and departments. */
async function loadTasks(ask: Ask) {
  const [{ tasks }, { offers }] = await Promise.all([
    call(ask, 'GET /response/tasks', { query: { of: 'mine', limit: 200 } }),
    call(ask, 'GET /response/offers', { query: { limit: 200 } }),
  ]);
  return { tasks, offers };
}

/** Tasks for the hand that holds a phone: mine first, each with one big button. */
export function TasksPage({ ask, session, sites }: ManagedPageProps) {
  const { t, language } = usePageTexts<typeof responseEn>();
  const { value, problem, reload } = usePolled(useCallback(() => loadTasks(ask), [ask]));
  const own = session.sites.filter(({ permissions }) => permissions.includes('response.take'));
  const [siteId, setSiteId] = useState<string>(own[0]?.site ?? '');
  const site = sites.get(siteId);
  const dispatches = session.sites.some(
    (one) => one.site === siteId && one.permissions.includes('response.dispatch'),
  );
  return (
    <>
      <h2>{t('manage.tasks')}</h2>
      <p className="muted">{t('response.tasksLead')}</p>
      <p className="problem" role="alert" data-testid="tasks-problem">
        {problem}
      </p>
      {value && (
        <section className="managed-part" aria-label={t('response.mine')}>
          <h3>{t('response.mine')}</h3>
          {value.tasks.length === 0 && <p data-testid="tasks-none">{t('response.noTasks')}</p>}
          <ul className="response-list">
            {value.tasks.map((task) => (
              <TaskItem
                key={task.id}
                {...{ ask, task }}
                site={sites.get(task.site) ?? null}
                onChanged={reload}
              />
            ))}
          </ul>
        </section>
      )}
      {own.length > 1 && (
        <label className="field">
          <span className="field-label">{t('response.site')}</span>
          <select
            className="field-input"
            value={siteId}
            onChange={({ target }) => setSiteId(target.value)}
            data-testid="position-site"
          >
            {own.map(({ site: id }) => (
              <option key={id} value={id}>
                {sites.get(id)?.name[language] ?? id}
              </option>
            ))}
          </select>
        </label>
      )}
      {value && site && dispatches && (
        <UnitsPart
          key={`units ${siteId}`}
          {...{ ask, site }}
          offers={value.offers.filter((offer) => offer.site === siteId)}
        />
      )}
      {siteId !== '' && (
        <PositionSwitch key={siteId} ask={ask} siteId={siteId} site={sites.get(siteId) ?? null} />
      )}
      {value && (
        <section className="managed-part" aria-label={t('response.inGeneral')}>
          <h3>{t('response.inGeneral')}</h3>
          {value.offers.length === 0 && <p data-testid="offers-none">{t('response.noOffers')}</p>}
          <ul className="response-list">
            {value.offers.map((offer) => (
              <OfferItem
                key={offer.id}
                {...{ ask, offer, mayOffer: false }}
                site={sites.get(offer.site) ?? null}
                onChanged={reload}
                mine={value.tasks.map(({ id }) => id)}
              />
            ))}
          </ul>
        </section>
      )}
      <button type="button" className="button" onClick={() => void reload()} data-testid="tasks-again">
        {t('response.again')}
      </button>
    </>
  );
}
