import { call } from '@watchpost/contracts/client';
import { useCallback } from 'react';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { absoluteTime } from '../../texts/time-text.ts';
import { AskFirst } from '../../ui/ask-first.tsx';
import { Field } from '../../ui/field.tsx';
import { useLoaded } from '../../ui/use-loaded.ts';
import type { receiversEn } from './texts-en.ts';

export interface WarningSendersProps {
  readonly ask: Ask;
  readonly site: string;
  readonly timeZone: string | undefined;
}

/** Who sends public warnings, which of them alert, and what came last and what became of it. */
export function WarningSenders({ ask, site, timeZone }: WarningSendersProps) {
  const { t, language } = usePageTexts<typeof receiversEn>();
  const { value, problem, reload } = useLoaded(
    useCallback(() => call(ask, 'GET /warnings', { query: { site } }), [ask, site]),
  );
  const decide = (sender: string, to: 'accepted' | 'refused') => (
    <AskFirst
      button={t(`receivers.warnings.to.${to}`)}
      testId={`warning-${to}`}
      title={t(`receivers.warnings.to.${to}`)}
      text={t(`receivers.warnings.${to}Text`, { sender })}
      danger={to === 'refused'}
      onConfirm={async (fields) => {
        const reason = String(fields.get('reason') ?? '').trim();
        await call(ask, 'POST /warnings/senders', { query: { site }, body: { sender, to, reason } });
        await reload();
      }}
    >
      <Field
        label={t('receivers.warnings.reason')}
        {...{ name: 'reason', required: true, maxLength: 500 }}
        data-testid="warning-reason"
      />
    </AskFirst>
  );
  return (
    <section>
      <h3>{t('receivers.warnings')}</h3>
      <p className="muted">{t('receivers.warnings.lead')}</p>
      <p className="problem" role="alert" data-testid="warnings-problem">
        {problem}
      </p>
      <p role="status" className="muted">
        {value?.senders.length === 0 ? t('receivers.warnings.none') : ''}
      </p>
      <ul className="receiver-list">
        {value?.senders.map(({ sender, state, messages, lastAt }) => (
          <li key={sender} className="card" data-testid="warning-sender" data-state={state}>
            <b>{sender}</b>
            <p>
              {t(`receivers.warnings.state.${state}`)} ·{' '}
              {t('receivers.warnings.messages', { count: messages })}
              {lastAt === null ? '' : ` · ${absoluteTime(lastAt, timeZone, language)}`}
            </p>
            {state !== 'accepted' && decide(sender, 'accepted')}
            {state !== 'refused' && decide(sender, 'refused')}
          </li>
        ))}
      </ul>
      <ul>
        {value?.messages.map(({ id, sender, text, area, state, receivedAt }) => (
          <li key={id} data-testid="warning-message">
            {absoluteTime(receivedAt, timeZone, language)} · {sender}:{' '}
            {[text, area].filter(Boolean).join(', ')} · {t(`receivers.warnings.became.${state}`)}
          </li>
        ))}
      </ul>
    </section>
  );
}
