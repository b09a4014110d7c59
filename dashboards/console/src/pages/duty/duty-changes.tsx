import type { DutyException } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { usePageTexts } from '../../texts/texts.tsx';
import { minuteTime } from '../../texts/time-text.ts';
import { AskFirst } from '../../ui/ask-first.tsx';
import { LongField } from '../../ui/field.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { useAction } from '../../ui/use-action.ts';
import type { DutyLoaded } from './duty-loaded.ts';
import { OverrideForm } from './override-form.tsx';
import { SwapForm } from './swap-form.tsx';
import type { dutyEn } from './texts-en.ts';

export interface DutyChangesProps extends Pick<ManagedPageProps, 'ask' | 'session'> {
  readonly loaded: DutyLoaded;
  readonly onChanged: () => Promise<void>;
}

/** What takes the place of the rotation, what is asked of the person, and the forms for more of it. */
export function DutyChanges({ ask, session, loaded, onChanged }: DutyChangesProps) {
  const { t } = usePageTexts<typeof dutyEn>();
  const action = useAction();
  const { changes, rotas, shifts, now } = loaded;
  const may = (permission: 'duty.manage' | 'duty.take', site: string) =>
    session.sites.some((one) => one.site === site && one.permissions.includes(permission));
  const managed = rotas.filter(({ site }) => may('duty.manage', site));
  const taken = rotas.filter(({ site }) => may('duty.take', site));
  const answer = (id: string, accept: boolean) =>
    action.run(async () => {
      await call(ask, 'POST /duty/swaps/{id}/answer', { params: { id }, body: { accept } });
      await onChanged();
    });
  return (
    <section className="managed-part" aria-label={t('duty.changes')}>
      <h3>{t('duty.changes')}</h3>
      <p className="problem" role="alert" data-testid="duty-change-problem">
        {action.problem}
      </p>
      {changes.length === 0 ? <p data-testid="duty-no-changes">{t('duty.noChanges')}</p> : null}
      <ul className="duty-changes">
        {changes.map((change) => {
          const rota = rotas.find(({ id }) => id === change.rota);
          const isAsked = change.state === 'asked' && change.asked?.id === session.account;
          return (
            <li key={change.id} data-testid="duty-change">
              <ChangeText change={change} timeZone={rota?.timeZone} isAsked={isAsked} />
              {isAsked ? (
                <div className="steps-row">
                  <button
                    type="button"
                    className="button button-primary"
                    onClick={() => void answer(change.id, true)}
                    data-testid="duty-accept"
                  >
                    {t('duty.accept')}
                  </button>
                  <button
                    type="button"
                    className="button"
                    onClick={() => void answer(change.id, false)}
                    data-testid="duty-refuse"
                  >
                    {t('duty.refuse')}
                  </button>
                </div>
              ) : null}
              {rota && change.state === 'valid' && may('duty.manage', rota.site) ? (
                <AskFirst
                  button={t('duty.cancelChange')}
                  testId="duty-cancel"
                  title={t('duty.cancelChange')}
                  text={t('duty.cancelChangeText')}
                  onConfirm={async (fields) => {
                    const reason = String(fields.get('reason') ?? '');
                    await call(ask, 'POST /duty/exceptions/{id}/cancel', {
                      params: { id: change.id },
                      body: { reason },
                    });
                    await onChanged();
                  }}
                >
                  <LongField
                    label={t('duty.why')}
                    {...{ name: 'reason', required: true, minLength: 3, maxLength: 500 }}
                    data-testid="duty-cancel-reason"
                  />
                </AskFirst>
              ) : null}
            </li>
          );
        })}
      </ul>
      {managed.length > 0 && <OverrideForm ask={ask} rotas={managed} onDone={onChanged} />}
      {taken.length > 0 && (
        <SwapForm
          {...{ ask, rotas: taken, onDone: onChanged, account: session.account }}
          shifts={shifts.filter(({ person, from }) => person.id === session.account && from > now.at)}
        />
      )}
    </section>
  );
}

interface ChangeTextProps {
  readonly change: DutyException;
  readonly timeZone: string | undefined;
  /** Whether the person has to answer. */
  readonly isAsked: boolean;
}

function ChangeText({ change, timeZone, isAsked }: ChangeTextProps) {
  const { t, language } = usePageTexts<typeof dutyEn>();
  const { kind, parts, from, until, reason, madeBy, asked, state } = change;
  const at = (time: string) => minuteTime(time, timeZone, language);
  const [give, take] = parts;
  if (kind === 'swap' && isAsked && give)
    return (
      <p data-testid="duty-swap-asked">
        {t('duty.swapAsked', { who: madeBy.name, from: at(give.from), until: at(give.until), reason })}{' '}
        {take && t('duty.swapFor', { who: madeBy.name, from: at(take.from), until: at(take.until) })}
      </p>
    );
  const people = [...new Set(parts.map(({ person }) => person.name || t('duty.gone')))].join(', ');
  return (
    <p>
      {t('duty.change', {
        ...{ kind: t(`duty.cause.${kind}`), people: people || t('duty.nobody') },
        ...{ from: at(from), until: at(until), reason, by: madeBy.name },
      })}{' '}
      {state === 'asked' ? t('duty.swapWaits', { who: asked?.name ?? '' }) : ''}
    </p>
  );
}
