import type { AccountWithLink } from '@watchpost/contracts/api';
import { useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { minuteTime } from '../../texts/time-text.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { ShownOnce } from '../../ui/shown-once.tsx';
import { useFocusOn } from '../../ui/use-focus-on.ts';
import { InviteForm } from './invite-form.tsx';
import { PeopleList } from './people-list.tsx';
import { PersonDetail } from './person-detail.tsx';
import type { peopleEn } from './texts-en.ts';

type View = { readonly kind: 'list' | 'person' | 'service' } | { readonly kind: 'one'; readonly id: string };

/** Who may log in: invited, changed, disabled. */
export function PeoplePage({ ask, session, sites }: ManagedPageProps) {
  const { t, language } = usePageTexts<typeof peopleEn>();
  const [view, setView] = useState<View>({ kind: 'list' });
  const [made, setMade] = useState<AccountWithLink | null>(null);
  const heading = useFocusOn<HTMLHeadingElement>(view, made === null);
  /** A new account, or a new link of one: its page, with the link in front. */
  const show = (answer: AccountWithLink) => {
    setMade(answer.link === null ? null : answer);
    setView({ kind: 'one', id: answer.account.id });
  };
  const leave = () => {
    setMade(null);
    setView({ kind: 'list' });
  };
  return (
    <>
      <h2 ref={heading} tabIndex={-1}>
        {t('manage.people')}
      </h2>
      {made?.link && (
        <ShownOnce
          label={t('people.link', {
            name: made.account.name,
            until: minuteTime(made.link.expires, undefined, language),
          })}
          value={`${location.origin}/welcome#${made.link.token}`}
          testId="one-time-link"
          onDone={() => setMade(null)}
        >
          <p>{t('people.linkHow')}</p>
        </ShownOnce>
      )}
      {view.kind === 'list' && (
        <PeopleList
          ask={ask}
          sites={sites}
          onShow={(id) => setView({ kind: 'one', id })}
          onInvite={(kind) => setView({ kind })}
        />
      )}
      {(view.kind === 'person' || view.kind === 'service') && (
        <InviteForm ask={ask} kind={view.kind} {...{ session, sites }} onMade={show} onCancel={leave} />
      )}
      {view.kind === 'one' && (
        <PersonDetail key={view.id} id={view.id} {...{ ask, session, sites }} onLink={show} onLeave={leave} />
      )}
    </>
  );
}
