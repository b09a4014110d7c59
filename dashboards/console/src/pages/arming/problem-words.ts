import type { ReadinessProblem } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { deviceName } from '../../texts/alert-texts.ts';
import { usePageTexts, useTexts } from '../../texts/texts.tsx';
import { pointInTime } from '../../texts/time-text.ts';
import type { armingEn } from './texts-en.ts';

/** How what keeps an area from being armed, and devices and times of its site, are said. */
export function useProblemWords(site: Site | null, nowMs: number) {
  const texts = useTexts();
  const { t, language } = usePageTexts<typeof armingEn>();
  const at = (time: string) => pointInTime(time, nowMs, site?.timeZone, language);
  const device = (id: string) => deviceName(texts, site, id);
  const problem = ({ device: id, problem: what, since }: ReadinessProblem): string => {
    const named = { device: device(id) };
    if (what === 'open')
      return since === null ? t('arming.open', named) : t('arming.openSince', { ...named, time: at(since) });
    if (what === 'covered') return t('arming.covered', named);
    if (what === 'lost' && since !== null) return t('arming.lost', { ...named, time: at(since) });
    return t('arming.unknown', named);
  };
  const problems = (list: readonly ReadinessProblem[]) => list.map(problem).join(texts.t('list.separator'));
  return { at, device, problems };
}
