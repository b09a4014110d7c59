import type { View } from '../routes/place.ts';
import { useTexts } from '../texts/texts.tsx';
import { LineSign, signPaths } from './signs.tsx';

const views = [
  ['alerts', signPaths.list],
  ['plan', signPaths.plan],
  ['devices', signPaths.device],
] as const;

export interface ViewTabsProps {
  readonly tab: View;
  readonly waiting: number;
  readonly onTab: (tab: View) => void;
  readonly onLeaveDetail: () => void;
}

/** At the foot of a phone: one view at a time. Wider screens show them all and hide this. */
export function ViewTabs({ tab, waiting, onTab, onLeaveDetail }: ViewTabsProps) {
  const { t, number } = useTexts();
  return (
    <nav className="view-tabs" aria-label={t('tabs.label')}>
      {views.map(([name, path]) => (
        <button
          key={name}
          type="button"
          data-testid={`tab-${name}`}
          aria-current={tab === name ? 'page' : undefined}
          onClick={() => {
            // The plan keeps the chosen alert; the list comes back with the second press.
            if (name === 'alerts' && tab === 'alerts') onLeaveDetail();
            else onTab(name);
          }}
        >
          <LineSign path={path} />
          {t(`tabs.${name}`)}
          {name === 'alerts' && waiting > 0 && <b className="badge">{number(waiting)}</b>}
        </button>
      ))}
    </nav>
  );
}
