import { type ListedPlate, plateStates } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useCallback, useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { absoluteTime } from '../../texts/time-text.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { MoreButton } from '../../ui/more-button.tsx';
import { useFocusOn } from '../../ui/use-focus-on.ts';
import { usePaged } from '../../ui/use-paged.ts';
import { NewPlate } from './new-plate.tsx';
import { PlateDetail } from './plate-detail.tsx';
import { PlateDomain } from './plate-domain.tsx';
import type { platesEn } from './texts-en.ts';

type View =
  | { readonly kind: 'list' | 'new' }
  | { readonly kind: 'domain'; readonly site: string }
  | { readonly kind: 'one'; readonly id: string; readonly site: string };

/** Address plates of sites: issued, printed, retired, and where they were read. */
export function PlatesPage({ ask, session, sites }: ManagedPageProps) {
  const { t, language } = usePageTexts<typeof platesEn>();
  const [view, setView] = useState<View>({ kind: 'list' });
  const heading = useFocusOn<HTMLHeadingElement>(view);
  const issuing = session.sites.filter(({ permissions }) => permissions.includes('plates.issue'));
  const show = ({ id, site }: Pick<ListedPlate, 'id' | 'site'>) => setView({ kind: 'one', id, site });
  const [said, setSaid] = useState('');
  const back = () => setView({ kind: 'list' });
  // The file is about a site as a whole.
  const editable = session.sites.filter(
    ({ permissions, zones }) =>
      zones === null && permissions.includes('site.read') && permissions.includes('site.edit'),
  );
  const nameOf = (site: string) => sites.get(site)?.name[language] ?? site;
  return (
    <>
      <h2 ref={heading} tabIndex={-1}>
        {t('manage.plates')}
      </h2>
      {view.kind === 'list' && (
        <>
          <p className="muted">{t('plates.lead')}</p>
          <p role="status" className="site-said" data-testid="plates-said">
            {said}
          </p>
          <div className="managed-tools">
            {issuing.length > 0 && (
              <button
                type="button"
                className="button button-primary"
                onClick={() => setView({ kind: 'new' })}
                data-testid="plates-new"
              >
                {t('plates.new')}
              </button>
            )}
            {editable.map(({ site }) => (
              <button
                key={site}
                type="button"
                className="button"
                onClick={() => setView({ kind: 'domain', site })}
                data-testid={`plates-domain-${site}`}
              >
                {editable.length > 1 ? t('plates.domainOf', { site: nameOf(site) }) : t('plates.domain')}
              </button>
            ))}
          </div>
          <PlateList ask={ask} sites={sites} onShow={show} />
        </>
      )}
      {view.kind === 'domain' && (
        <PlateDomain
          {...{ ask, site: view.site, name: nameOf(view.site), onLeave: back }}
          onDone={(words) => {
            setSaid(words);
            back();
          }}
        />
      )}
      {view.kind === 'new' && <NewPlate {...{ ask, issuing, sites }} onIssued={show} onCancel={back} />}
      {view.kind === 'one' && (
        <PlateDetail
          key={view.id}
          {...{ ask, id: view.id, site: sites.get(view.site), onBack: back }}
          mayIssue={issuing.some(({ site }) => site === view.site)}
        />
      )}
    </>
  );
}

interface PlateListProps extends Pick<ManagedPageProps, 'ask' | 'sites'> {
  readonly onShow: (plate: ListedPlate) => void;
}

function PlateList({ ask, sites, onShow }: PlateListProps) {
  const { t } = usePageTexts<typeof platesEn>();
  const [state, setState] = useState('');
  const {
    items: plates,
    problem,
    more,
  } = usePaged(
    useCallback(
      async (after: string | null) => {
        const page = await call(ask, 'GET /plates', { query: { state: state || null, cursor: after } });
        return { items: page.plates, next: page.next };
      },
      [ask, state],
    ),
  );
  return (
    <>
      <div className="managed-tools">
        <label className="field">
          <span className="field-label">{t('plates.filter')}</span>
          <select
            className="field-input"
            value={state}
            onChange={({ target }) => setState(target.value)}
            data-testid="plates-state"
          >
            <option value="">{t('plates.all')}</option>
            {plateStates.map((one) => (
              <option key={one} value={one}>
                {t(`plates.state.${one}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p className="problem" role="alert" data-testid="plates-problem">
        {problem}
      </p>
      <p role="status" className="muted" data-testid="plates-none">
        {plates?.length === 0 ? t('plates.none') : ''}
      </p>
      {plates && plates.length > 0 ? (
        <table className="cards-table">
          <thead>
            <tr>
              <th scope="col">{t('plates.name')}</th>
              <th scope="col">{t('plates.address')}</th>
              <th scope="col">{t('plates.zone')}</th>
              <th scope="col">{t('plates.state')}</th>
              <th scope="col">{t('plates.scans')}</th>
            </tr>
          </thead>
          <tbody>
            {plates.map((plate) => (
              <PlateRow key={`${plate.site} ${plate.id}`} {...{ plate, sites, onShow }} />
            ))}
          </tbody>
        </table>
      ) : null}
      <MoreButton more={more} label={t('plates.more')} testId="plates-more" />
    </>
  );
}

function PlateRow({
  plate,
  sites,
  onShow,
}: Pick<PlateListProps, 'sites' | 'onShow'> & { readonly plate: ListedPlate }) {
  const { t, language } = usePageTexts<typeof platesEn>();
  const { name, address, state, scans } = plate;
  const site = sites.get(plate.site);
  const zone = site?.zones.find(({ id }) => id === plate.zone)?.name[language] ?? plate.zone;
  return (
    <tr data-testid="plate-row" data-state={state}>
      <th scope="row">
        <button type="button" className="link-button" onClick={() => onShow(plate)} data-testid="plates-open">
          {name}
        </button>
      </th>
      <td data-label={t('plates.address')}>{address}</td>
      <td data-label={t('plates.zone')}>
        {sites.size > 1 ? `${zone} · ${site?.name[language] ?? plate.site}` : zone}
      </td>
      <td data-label={t('plates.state')}>{t(`plates.state.${state}`)}</td>
      <td data-label={t('plates.scans')}>
        {scans.newest === null
          ? scans.count
          : t('plates.newest', {
              count: scans.count,
              at: absoluteTime(scans.newest, site?.timeZone, language),
            })}
      </td>
    </tr>
  );
}
