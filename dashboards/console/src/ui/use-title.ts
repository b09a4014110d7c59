import { useEffect } from 'react';
import { useTexts } from '../texts/texts.tsx';

/** What the title of the page says first. */
export type TitleState = 'live' | 'lost' | 'ended' | 'out';

/**
 * The title of the page: how much waits, or that nothing can be told. It is all that is seen of a tab in the
 * background.
 */
export function useTitle(state: TitleState, waiting = 0): void {
  const { t } = useTexts();
  useEffect(() => {
    const first = {
      live: waiting > 0 ? `(${waiting}) ` : '',
      lost: `⚠ ${t('title.lost')} – `,
      ended: `⚠ ${t('title.ended')} – `,
      out: '',
    }[state];
    document.title = `${first}${t('app.name')}`;
  }, [state, waiting, t]);
}
