import type { DutyRota } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { AskFirst } from '../../ui/ask-first.tsx';
import { LongField } from '../../ui/field.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { RotaForm } from './rota-form.tsx';
import type { dutyEn } from './texts-en.ts';

export interface RotasProps extends Pick<ManagedPageProps, 'ask' | 'session' | 'sites'> {
  readonly rotas: readonly DutyRota[];
  readonly onChanged: () => Promise<void>;
}

/** The rotas, for who keeps them: made, changed and ended. */
export function Rotas({ ask, session, sites, rotas, onChanged }: RotasProps) {
  const { t, language } = usePageTexts<typeof dutyEn>();
  /** Id of the rota that is changed, or the site that gets a new one. */
  const [open, setOpen] = useState<string | null>(null);
  const managed = session.sites
    .filter(({ permissions }) => permissions.includes('duty.manage'))
    .map(({ site }) => site);
  if (managed.length === 0) return null;
  const done = async () => {
    setOpen(null);
    await onChanged();
  };
  return (
    <section className="managed-part" aria-label={t('duty.rotas')}>
      <h3>{t('duty.rotas')}</h3>
      <ul className="duty-changes">
        {rotas
          .filter(({ site }) => managed.includes(site))
          .map((rota) => (
            <li key={rota.id} data-testid="rota">
              <p>
                {rota.name} · {rota.layers.map(({ name, from, to }) => `${name} ${from}–${to}`).join(', ')}
              </p>
              <div className="steps-row">
                <button
                  type="button"
                  className="button"
                  onClick={() => setOpen(open === rota.id ? null : rota.id)}
                  data-testid="rota-change"
                >
                  {t('duty.changeRota')}
                </button>
                <AskFirst
                  button={t('duty.endRota')}
                  testId="rota-end"
                  title={t('duty.endRota')}
                  text={t('duty.endRotaText')}
                  onConfirm={async (fields) => {
                    const reason = String(fields.get('reason') ?? '');
                    await call(ask, 'POST /duty/rotas/{id}/end', {
                      params: { id: rota.id },
                      body: { reason },
                    });
                    await onChanged();
                  }}
                >
                  <LongField
                    label={t('duty.why')}
                    {...{ name: 'reason', required: true, minLength: 3, maxLength: 500 }}
                    data-testid="rota-end-reason"
                  />
                </AskFirst>
              </div>
              {open === rota.id && (
                <RotaForm key={rota.version} {...{ ask, rota, site: rota.site, onDone: done }} />
              )}
            </li>
          ))}
      </ul>
      {managed.map((site) => (
        <div key={site}>
          <button
            type="button"
            className="button"
            onClick={() => setOpen(open === site ? null : site)}
            data-testid="rota-new"
          >
            {managed.length > 1
              ? t('duty.newRotaOf', { site: sites.get(site)?.name[language] ?? site })
              : t('duty.newRota')}
          </button>
          {open === site && <RotaForm {...{ ask, site, onDone: done }} />}
        </div>
      ))}
    </section>
  );
}
