import type { CandidateCard } from '@watchpost/contracts/api';
import type { KeyWithoutForm, TextKey } from '../../../texts/en.ts';
import type { Texts } from '../../../texts/texts.tsx';
import type { candidateEn } from './texts-en.ts';

/** The texts of the card. */
export type CardTexts = Texts<TextKey | KeyWithoutForm<keyof typeof candidateEn>>;

/** Rarer than once in a year. */
const hardlyAny = 1 / 365;

/** How many false candidates a camera expects, in words. */
export function expectedText(
  { t, number }: CardTexts,
  { falsePerDay }: NonNullable<CandidateCard['expected']>,
) {
  if (falsePerDay < hardlyAny) return t('candidate.expectedNone');
  if (falsePerDay < 0.5) return t('candidate.expectedEvery', { days: number(Math.round(1 / falsePerDay)) });
  return t('candidate.expectedPerDay', { count: number(falsePerDay, { maximumSignificantDigits: 2 }) });
}

/** What the likeness means, sentence by sentence. */
export function similarityTexts(
  { t, number }: CardTexts,
  { band, limitOneIn, chanceOneIn }: CandidateCard['similarity'],
): readonly string[] {
  return [
    t(`candidate.band.${band}`),
    ...(limitOneIn === null ? [] : [t('candidate.limit', { count: number(limitOneIn) })]),
    ...(chanceOneIn === null
      ? []
      : chanceOneIn < 2
        ? [t('candidate.chanceMost')]
        : [t('candidate.chance', { count: number(chanceOneIn) })]),
    t('candidate.notSure'),
  ];
}
