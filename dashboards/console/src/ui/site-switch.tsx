import type { AlertCounts } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { useTexts } from '../texts/texts.tsx';

export interface SiteSwitchProps {
  /** Those that the person may see, by their ids. */
  readonly sites: ReadonlyMap<string, Site>;
  /** Null: all of them. */
  readonly chosen: string | null;
  readonly counts: AlertCounts | null;
  readonly onChoose: (site: string | null) => void;
}

/** Which site is looked at, or all: shown to who may see several. Each says how much waits there. */
export function SiteSwitch({ sites, chosen, counts, onChoose }: SiteSwitchProps) {
  const { t, language, number } = useTexts();
  const waits = (open: number | undefined) => (open ? ` (${number(open)})` : '');
  return (
    <select
      className="site-switch"
      data-testid="site-switch"
      aria-label={t('sites.label')}
      value={chosen ?? ''}
      onChange={({ target }) => onChoose(target.value === '' ? null : target.value)}
    >
      <option value="">
        {t('sites.all')}
        {waits(counts?.byState.open)}
      </option>
      {[...sites].map(([id, site]) => (
        <option key={id} value={id}>
          {site.name[language]}
          {waits(counts?.sites?.[id]?.byState.open)}
        </option>
      ))}
    </select>
  );
}
