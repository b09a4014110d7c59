import type { EscalationPolicy } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { AskFirst } from '../../ui/ask-first.tsx';
import type { KnownTargets } from './known-targets.ts';
import { stepSentence } from './step-sentence.ts';
import type { escalationEn } from './texts-en.ts';

export interface PolicyCardProps {
  readonly ask: Ask;
  readonly policy: EscalationPolicy;
  readonly site: Site | undefined;
  readonly targets: KnownTargets;
  readonly onChange: () => void;
  readonly onChanged: () => Promise<void>;
}

/** A policy: for what it is, its steps in sentences, and whom each would reach now. */
export function PolicyCard({ ask, policy, site, targets, onChange, onChanged }: PolicyCardProps) {
  const texts = usePageTexts<typeof escalationEn>();
  const { t, language } = texts;
  const { id, name, severities, zones, concerns, steps, reached } = policy;
  const list = (all: readonly string[]) => all.join(language === 'zh-CN' ? '、' : ', ');
  const zoneName = (zone: string) => site?.zones.find((one) => one.id === zone)?.name[language] ?? zone;
  const scope = [
    t('escalation.for', { severities: list(severities.map((one) => t(`severity.${one}`))) }),
    zones === null
      ? t('escalation.everywhere')
      : t('escalation.inZones', { zones: list(zones.map(zoneName)) }),
    concerns === null
      ? t('escalation.aboutAll')
      : t('escalation.about', { concerns: list(concerns.map((one) => t(`escalation.concern.${one}`))) }),
  ].join(language === 'zh-CN' ? '，' : ', ');
  return (
    <li className="managed-part" data-testid="policy">
      <h3>{name}</h3>
      <p className="muted">{scope}</p>
      <ol className="escalation-steps">
        {steps.map((step, index) => {
          const now = reached[index] ?? [];
          const who = list(
            now.map((one) => (one.person === null ? one.name : `${one.person} (${one.name})`)),
          );
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps have an order and nothing else.
            <li key={index} data-testid="policy-step">
              <p>{stepSentence(texts, step, targets)}</p>
              <p className={now.length === 0 ? 'problem' : 'muted'} data-testid="policy-reached">
                {now.length === 0 ? t('escalation.nobodyNow') : t('escalation.now', { who })}
              </p>
            </li>
          );
        })}
      </ol>
      <div className="steps-row">
        <button type="button" className="button" onClick={onChange} data-testid="policy-change">
          {t('escalation.change')}
        </button>
        <AskFirst
          button={t('escalation.remove')}
          testId="policy-remove"
          title={t('escalation.remove')}
          text={t('escalation.removeText', { name })}
          onConfirm={async () => {
            await call(ask, 'DELETE /escalation/policies/{id}', {
              params: { id },
              query: { site: policy.site },
            });
            await onChanged();
          }}
        />
      </div>
    </li>
  );
}
