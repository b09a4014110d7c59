import type { Site } from '@watchpost/contracts/site';
import type { QueueFilter } from '../../../routes/queue-filter.ts';
import { deviceName, zoneName } from '../../../texts/alert-texts.ts';
import type { KeyWithoutForm, TextKey } from '../../../texts/en.ts';
import type { Texts } from '../../../texts/texts.tsx';
import type { queueEn } from './texts-en.ts';

/** A filter in words, part by part. */
export function filterText(
  texts: Texts<TextKey | KeyWithoutForm<keyof typeof queueEn>>,
  site: Site | null,
  { severity, zone, device, type, search, quiet, fresh }: QueueFilter,
): string {
  const { t, maybe } = texts;
  return [
    severity && t(`severity.${severity}`),
    zone && zoneName(texts, site, zone),
    device && deviceName(texts, site, device),
    type && (maybe(`event.${type}`) ?? type),
    search && t('queue.words', { words: search }),
    quiet && t(quiet === 'only' ? 'queue.quietAlone' : 'queue.withoutQuiet'),
    fresh && t('queue.fresh'),
  ]
    .filter(Boolean)
    .join(' · ');
}
