import type { Receiver } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { codeText } from '../../texts/problem-text.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { absoluteTime } from '../../texts/time-text.ts';
import { AskFirst } from '../../ui/ask-first.tsx';
import { useAction } from '../../ui/use-action.ts';
import type { receiversEn } from './texts-en.ts';
import { VerifyContact } from './verify-contact.tsx';

export interface ReceiverCardProps {
  readonly ask: Ask;
  readonly receiver: Receiver;
  readonly timeZone: string | undefined;
  readonly onChange: () => void;
  readonly onLog: () => void;
  readonly onChanged: () => Promise<void>;
}

/** A receiver, how it goes, and what may be done with it. */
export function ReceiverCard({ ask, receiver, timeZone, onChange, onLog, onChanged }: ReceiverCardProps) {
  const texts = usePageTexts<typeof receiversEn>();
  const { t, language } = texts;
  const { id, site, name, address, severities, fallback, verifiedAt, failingSince, fault } = receiver;
  const action = useAction();
  const [tested, setTested] = useState('');
  const why = (code: string | null) => (code === null ? '' : codeText(texts, code));
  const at = (time: string) => absoluteTime(time, timeZone, language);
  const of = { params: { id }, query: { site } };
  const test = async () => {
    setTested('');
    const { outcome, code } = await call(ask, 'POST /receivers/{id}/test', of);
    setTested(t(`receivers.tested.${outcome}`, { why: why(code) }));
    await onChanged();
  };
  const told = [
    severities.length === 0
      ? t('receivers.bySteps')
      : severities.map((one) => t(`severity.${one}`)).join(', '),
    ...(fallback ? [t('receivers.standsIn')] : []),
    ...(receiver.quiet ? [t('receivers.quiet', receiver.quiet)] : []),
  ].join(' · ');
  const state =
    failingSince !== null
      ? t('receivers.failing', { at: at(failingSince), why: why(fault) })
      : verifiedAt === null
        ? t(receiver.account === null ? 'receivers.untested' : 'receivers.unverified')
        : t('receivers.well', { at: at(verifiedAt) });
  return (
    <li className="managed-part" data-testid="receiver" data-failing={failingSince !== null || undefined}>
      <h3>{name}</h3>
      <dl className="facts">
        <div>
          <dt>{t('receivers.channel')}</dt>
          <dd>{t(`receivers.channel.${address.kind}`)}</dd>
        </div>
        <div>
          <dt>{t('receivers.told')}</dt>
          <dd>{told}</dd>
        </div>
        <div>
          <dt>{t('receivers.state')}</dt>
          <dd data-testid="receiver-state">{state}</dd>
        </div>
      </dl>
      <p className="problem" role="alert" data-testid="receiver-problem">
        {action.problem}
      </p>
      <p role="status" data-testid="receiver-tested">
        {tested}
      </p>
      <div className="steps-row">
        <button
          type="button"
          className="button"
          onClick={() => void action.run(test)}
          data-pending={action.busy || undefined}
          data-testid="receiver-test"
        >
          {t('receivers.test')}
        </button>
        {receiver.account !== null && verifiedAt === null && (
          <VerifyContact {...{ ask, receiver, onChanged }} />
        )}
        <button type="button" className="button" onClick={onLog} data-testid="receiver-log">
          {t('receivers.log')}
        </button>
        <button type="button" className="button" onClick={onChange} data-testid="receiver-change">
          {t('receivers.change')}
        </button>
        <AskFirst
          button={t('receivers.erase')}
          testId="receiver-erase"
          title={t('receivers.erase')}
          text={t('receivers.eraseText', { name })}
          onConfirm={async () => {
            await call(ask, 'DELETE /receivers/{id}', of);
            await onChanged();
          }}
        />
      </div>
    </li>
  );
}
