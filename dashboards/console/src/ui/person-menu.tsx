import type { Session } from '@watchpost/contracts/api';
import { useRef } from 'react';
import { Link } from 'wouter';
import { PageLinks } from '../manage/page-links.tsx';
import { type ManagedPage, patterns } from '../routes/place.ts';
import { useTexts } from '../texts/texts.tsx';
import { LineSign, signPaths } from './signs.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

export interface PersonMenuProps {
  readonly session: Session;
  /** What the person may open, the own account first. */
  readonly pages: readonly ManagedPage[];
}

const menuId = 'person-menu';

/**
 * Who is logged in, and where that leads. The menu is the browser's own popover: it opens with the keyboard,
 * and ends with Escape and with a press beside it.
 */
export function PersonMenu({ session, pages }: PersonMenuProps) {
  const { t } = useTexts();
  const menu = useRef<HTMLElement>(null);
  const role = t(`role.${session.role}`);
  return (
    <>
      <button
        type="button"
        className="button button-quiet who"
        popoverTarget={menuId}
        title={t('session.as', { user: session.user, role })}
        data-testid="person-menu"
      >
        <LineSign path={signPaths.person} />
        <span className="who-text">
          <b>{session.user}</b>
          <span>{role}</span>
        </span>
        {/* What is read out begins with what is seen; a phone shows the sign alone. */}
        <span className="sr-only">{t('manage.label')}</span>
      </button>
      <nav id={menuId} ref={menu} className="person-menu" popover="auto" aria-label={t('manage.label')}>
        <p className="person-menu-who">{t('session.as', { user: session.user, role })}</p>
        <PageLinks
          pages={pages}
          testId={(page) => `menu-${page}`}
          onFollow={() => menu.current?.hidePopover()}
        />
        <Link
          className="button button-quiet"
          href={patterns.wall}
          onClick={() => menu.current?.hidePopover()}
          data-testid="menu-wall"
        >
          {t('manage.wall')}
        </Link>
        <ThemeSwitch />
      </nav>
    </>
  );
}
