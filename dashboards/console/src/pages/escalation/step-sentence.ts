import type { EscalationStep } from '@watchpost/contracts/api';
import type { TextKey } from '../../texts/en.ts';
import type { Texts } from '../../texts/texts.tsx';
import { type KnownTargets, keyOf } from './known-targets.ts';
import type { escalationEn } from './texts-en.ts';

type PageTexts = Texts<TextKey | keyof typeof escalationEn>;

const minutes = (seconds: number): number => Math.round((seconds / 60) * 10) / 10;

/** What a step does, in one sentence. */
export function stepSentence(
  { t, language }: PageTexts,
  step: EscalationStep,
  { receivers, people, rotas }: KnownTargets,
): string {
  const comma = language === 'zh-CN' ? '、' : ', ';
  const known: readonly (readonly [string, string])[] = [
    ...receivers.map(({ id, name }) => [`receiver ${id}`, name] as const),
    ...people.map(({ id, name }) => [`person ${id}`, name] as const),
    ...rotas.map(({ id, name }) => [`rota ${id}`, t('escalation.onDutyBy', { rota: name })] as const),
  ];
  const names = new Map(known);
  const who = step.targets.map((target) => names.get(keyOf(target)) ?? t('escalation.gone')).join(comma);
  const { waitSeconds, onlyFor, channels, repeat } = step;
  const parts = [
    waitSeconds === 0
      ? t('escalation.at', { who })
      : t('escalation.after', { who, minutes: minutes(waitSeconds) }),
    ...(onlyFor === null
      ? []
      : [t('escalation.onlyFor', { severities: onlyFor.map((one) => t(`severity.${one}`)).join(comma) })]),
    ...(channels === null ? [] : [t('escalation.byChannels', { channels: channels.join(comma) })]),
    ...(repeat === null
      ? []
      : repeat.times === null
        ? [t('escalation.againForEver', { minutes: minutes(repeat.everySeconds) })]
        : [t('escalation.again', { minutes: minutes(repeat.everySeconds), times: repeat.times })]),
  ];
  return parts.join(language === 'zh-CN' ? '；' : '; ');
}
