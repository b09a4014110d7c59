import type { Receiver } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useCallback, useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { SiteChoice, useManagedSite } from '../../ui/managed-site.tsx';
import { useFocusOn } from '../../ui/use-focus-on.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import { DeliveryLog } from './delivery-log.tsx';
import { ReceiverCard } from './receiver-card.tsx';
import { ReceiverForm } from './receiver-form.tsx';
import type { receiversEn } from './texts-en.ts';
import { WarningSenders } from './warning-senders.tsx';

type View =
  | { readonly kind: 'list' | 'new' }
  | { readonly kind: 'change' | 'log'; readonly receiver: Receiver };

/** Who is told outside of the console, by which channel, and what was told. */
export function ReceiversPage({ ask, session, sites }: ManagedPageProps) {
  const { t } = usePageTexts<typeof receiversEn>();
  const { ids, site, setSite } = useManagedSite(session, 'receivers.manage');
  const [view, setView] = useState<View>({ kind: 'list' });
  const heading = useFocusOn<HTMLHeadingElement>(view);
  const { value, problem, reload } = useLoaded(
    useCallback(() => call(ask, 'GET /receivers', { query: { site } }), [ask, site]),
  );
  const back = () => setView({ kind: 'list' });
  const done = async () => {
    await reload();
    back();
  };
  const timeZone = sites.get(site)?.timeZone;
  return (
    <>
      <h2 ref={heading} tabIndex={-1}>
        {view.kind === 'log' ? t('receivers.logOf', { name: view.receiver.name }) : t('manage.receivers')}
      </h2>
      {view.kind === 'list' && (
        <>
          <p className="muted">{t('receivers.lead')}</p>
          <div className="managed-tools">
            <SiteChoice {...{ ids, sites, value: site, label: t('receivers.site'), onChange: setSite }} />
            <button
              type="button"
              className="button button-primary"
              onClick={() => setView({ kind: 'new' })}
              data-testid="receivers-new"
            >
              {t('receivers.new')}
            </button>
          </div>
          <p className="problem" role="alert" data-testid="receivers-problem">
            {problem}
          </p>
          <p role="status" className="muted" data-testid="receivers-none">
            {value?.receivers.length === 0 ? t('receivers.none') : ''}
          </p>
          <ul className="receiver-list">
            {value?.receivers.map((receiver) => (
              <ReceiverCard
                key={receiver.id}
                {...{ ask, receiver, timeZone, onChanged: reload }}
                onChange={() => setView({ kind: 'change', receiver })}
                onLog={() => setView({ kind: 'log', receiver })}
              />
            ))}
          </ul>
          {session.permissions.includes('warnings.manage') && <WarningSenders {...{ ask, site, timeZone }} />}
        </>
      )}
      {view.kind === 'new' && <ReceiverForm {...{ ask, site, onDone: done, onCancel: back }} />}
      {view.kind === 'change' && (
        <ReceiverForm {...{ ask, site, receiver: view.receiver, onDone: done, onCancel: back }} />
      )}
      {view.kind === 'log' && (
        <DeliveryLog {...{ ask, site, receiver: view.receiver, timeZone, onBack: back }} />
      )}
    </>
  );
}
