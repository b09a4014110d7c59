import type { Alert, Site } from '@watchpost/contracts';
import { type KeyboardEvent, useState } from 'react';
import { type Attention, attentions } from '../domain/alert-order.ts';
import { useTexts } from '../texts/texts.tsx';
import { AlertRow } from './alert-row.tsx';
import { LineSign, signPaths } from './signs.tsx';

const doneShownFirst = 25;

/** Arrow keys, Home and End move between the rows; Tab enters and leaves the list as one stop. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const rows = Array.from(event.currentTarget.querySelectorAll<HTMLElement>('.alert-row-button'));
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  const target = to === undefined || at < 0 ? undefined : rows[to];
  if (!target) return;
  event.preventDefault();
  target.focus();
}

export interface AlertListProps {
  readonly groups: Readonly<Record<Attention, readonly Alert[]>>;
  readonly site: Site | null;
  readonly loaded: boolean;
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
}

export function AlertList({ groups, site, loaded, selected, onSelect }: AlertListProps) {
  const { t, number } = useTexts();
  const [doneShown, setDoneShown] = useState(doneShownFirst);
  const shown = { ...groups, done: groups.done.slice(0, doneShown) };
  const rows = attentions.flatMap((attention) => shown[attention]);
  // The one row that Tab reaches.
  const stop = rows.some((alert) => alert.id === selected) ? selected : rows[0]?.id;
  const hidden = groups.done.length - shown.done.length;
  return (
    <section className="pane pane-list" aria-label={t('list.title')} id="alerts" tabIndex={-1}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the rows inside are the buttons, this only moves focus between them */}
      <div className="alert-list" data-testid="alert-list" data-loaded={loaded} onKeyDown={moveFocus}>
        {attentions.map((attention) => (
          <section key={attention} className="alert-group" data-attention={attention}>
            {(groups[attention].length > 0 || attention === 'waiting') && (
              <h2>
                {t(`list.${attention}`)} <b>{number(groups[attention].length)}</b>
              </h2>
            )}
            {attention === 'waiting' && groups.waiting.length === 0 && (
              <div className="quiet">
                {loaded ? (
                  <>
                    <LineSign path={signPaths.quiet} />
                    <p>
                      <b>{t('list.quietTitle')}</b>
                      {t('list.quietText')}
                    </p>
                  </>
                ) : (
                  <p>{t('list.loading')}</p>
                )}
              </div>
            )}
            <ul>
              {shown[attention].map((alert) => (
                <AlertRow
                  key={alert.id}
                  alert={alert}
                  site={site}
                  selected={alert.id === selected}
                  tabStop={alert.id === stop}
                  onSelect={onSelect}
                />
              ))}
            </ul>
          </section>
        ))}
        {hidden > 0 && (
          <button type="button" className="button more" onClick={() => setDoneShown(doneShown + 100)}>
            {t('list.more', { count: hidden })}
          </button>
        )}
      </div>
    </section>
  );
}
