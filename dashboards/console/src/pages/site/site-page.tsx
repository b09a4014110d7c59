import type { SiteFileView } from '@watchpost/contracts/api';
import { useCallback, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { managedAddress } from '../../routes/place.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { FileState } from '../../ui/site-file/change-steps.tsx';
import { entriesOf, fieldsOf, nameIn, textOf } from '../../ui/site-file/file-value.ts';
import { type SiteFileApi, siteFileApi } from '../../ui/site-file/site-file-api.ts';
import { useFocusOn } from '../../ui/use-focus-on.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import { DeviceForm } from './device-form.tsx';
import { EntryList } from './entry-list.tsx';
import { PicturePart } from './picture-part.tsx';
import { PlanForm } from './plan-form.tsx';
import { PolicyPart } from './policy-part.tsx';
import { SiteFacts } from './site-facts.tsx';
import type { siteEn } from './texts-en.ts';
import { ZoneForm } from './zone-form.tsx';

const parts = ['devices', 'zones', 'plans', 'site', 'policy'] as const;
type Part = (typeof parts)[number];

/** The site file: what the site is, and by which numbers it works. */
export function SitePage({ ask, session, sites }: ManagedPageProps) {
  const { t, language } = usePageTexts<typeof siteEn>();
  const readable = session.sites.filter(({ permissions }) => permissions.includes('site.read'));
  const [site, setSite] = useState<string>(readable[0]?.site ?? '');
  const api = useMemo(() => siteFileApi(ask, site), [ask, site]);
  const load = useCallback(() => api.read(), [api]);
  const { value: view, problem, reload } = useLoaded(load);
  const mayEdit = readable.some((one) => one.site === site && one.permissions.includes('site.edit'));
  return (
    <>
      <h2>{t('manage.site')}</h2>
      {readable.length > 1 && (
        <label className="field managed-form">
          <span className="field-label">{t('site.which')}</span>
          <select
            className="field-input"
            value={site}
            onChange={({ target }) => setSite(target.value)}
            data-testid="site-which"
          >
            {readable.map((one) => (
              <option key={one.site} value={one.site}>
                {sites.get(one.site)?.name[language] ?? one.site}
              </option>
            ))}
          </select>
        </label>
      )}
      <p className="problem" role="alert" data-testid="site-load-problem">
        {problem}
      </p>
      {view && view.site === site && <Parts key={site} {...{ api, view, reload, mayEdit }} />}
    </>
  );
}

interface PartsProps {
  readonly api: SiteFileApi;
  readonly view: SiteFileView;
  readonly mayEdit: boolean;
  readonly reload: () => Promise<void>;
}

/** Which entry is open; `id` null: a new one. */
interface Open {
  readonly what: 'device' | 'picture' | 'zone' | 'plan';
  readonly id: string | null;
}

function Parts({ api, view, mayEdit, reload }: PartsProps) {
  const { t, language } = usePageTexts<typeof siteEn>();
  const [part, setPart] = useState<Part>('devices');
  const [open, setOpen] = useState<Open | null>(null);
  const [said, setSaid] = useState('');
  const heading = useFocusOn<HTMLDivElement>(open ?? part);
  const file = fieldsOf(view.value);
  const leave = () => setOpen(null);
  const show = (what: Open['what'], id: string | null) => {
    setSaid('');
    setOpen({ what, id });
  };
  const onDone = (words: string) => {
    setSaid(words);
    leave();
    void reload();
  };
  const props = { api, view, mayEdit, reload, onDone };
  return (
    <>
      <FileState view={view} />
      {mayEdit && view.value !== null && entriesOf(file.devices).length === 0 && (
        <p className="notice">
          {t('site.noDevices')} <Link href={managedAddress('setup')}>{t('site.toSetup')}</Link>
        </p>
      )}
      {view.value === null ? (
        <p data-testid="site-unreadable">{t('site.unreadable')}</p>
      ) : (
        <>
          <nav className="site-tabs" aria-label={t('site.parts')}>
            {parts.map((one) => (
              <button
                key={one}
                type="button"
                className="button button-quiet"
                aria-current={part === one ? 'true' : undefined}
                onClick={() => {
                  setSaid('');
                  leave();
                  setPart(one);
                }}
                data-testid={`site-part-${one}`}
              >
                {t(`site.part.${one}`)}
              </button>
            ))}
          </nav>
          <p role="status" className="site-said" data-testid="site-said">
            {said}
          </p>
          <div className="site-shown" ref={heading} tabIndex={-1} data-testid="site-shown">
            {open === null && part === 'devices' && (
              <EntryList
                {...{ mayEdit, entries: entriesOf(file.devices), add: t('site.deviceNew'), testId: 'device' }}
                facts={(device) => [
                  t(`device.${textOf(device.kind)}` as 'device.camera'),
                  nameIn(entriesOf(file.zones).find(({ id }) => id === device.zone) ?? {}, language),
                  textOf(device.gateway),
                ]}
                onOpen={(id) => show('device', id)}
                more={(device) =>
                  device.kind === 'camera'
                    ? { text: t('site.drawOn'), onPress: () => show('picture', textOf(device.id)) }
                    : null
                }
              />
            )}
            {open === null && part === 'zones' && (
              <EntryList
                {...{ mayEdit, entries: entriesOf(file.zones), add: t('site.zoneNew'), testId: 'zone' }}
                facts={(zone) => [
                  nameIn(entriesOf(file.plans).find(({ id }) => id === zone.plan) ?? {}, language),
                  zone.public === true ? t('site.isPublic') : t('site.isPrivate'),
                ]}
                onOpen={(id) => show('zone', id)}
              />
            )}
            {open === null && part === 'plans' && (
              <EntryList
                {...{ mayEdit, entries: entriesOf(file.plans), add: t('site.planNew'), testId: 'plan' }}
                facts={(plan) => [
                  t('site.size', { width: textOf(plan.widthM), height: textOf(plan.heightM) }),
                ]}
                onOpen={(id) => show('plan', id)}
              />
            )}
            {open === null && part === 'site' && <SiteFacts {...props} />}
            {open === null && part === 'policy' && <PolicyPart {...props} />}
            {open?.what === 'device' && <DeviceForm key={open.id} {...props} id={open.id} onLeave={leave} />}
            {open?.what === 'zone' && <ZoneForm key={open.id} {...props} id={open.id} onLeave={leave} />}
            {open?.what === 'plan' && <PlanForm key={open.id} {...props} id={open.id} onLeave={leave} />}
            {open?.what === 'picture' && open.id !== null && (
              <PicturePart key={open.id} {...props} id={open.id} onLeave={leave} />
            )}
          </div>
        </>
      )}
    </>
  );
}
