import { Link } from 'wouter';
import { managedAddress } from '../../routes/place.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { EntryName, EntryText } from '../../ui/site-file/entry-fields.tsx';
import { PlaceForm } from '../../ui/site-file/place-form.tsx';
import type { SitePartProps } from '../../ui/site-file/site-part.ts';
import { timeZones } from '../../ui/site-file/time-zones.ts';
import type { siteEn } from './texts-en.ts';

/** What the site is called and by which clock it lives. */
export function SiteFacts(part: SitePartProps) {
  const { t } = usePageTexts<typeof siteEn>();
  return (
    <PlaceForm
      {...part}
      place={{ section: [] }}
      own={['/name', '/timeZone']}
      title={t('site.part.site')}
      testId="site-form"
    >
      {() => (
        <>
          <div className="site-columns">
            <EntryName label={t('site.name')} labelEn={t('site.nameEn')} />
            <EntryText
              at={['timeZone']}
              label={t('site.timeZone')}
              hint={t('site.timeZoneHint')}
              offered={timeZones()}
              required
            />
          </div>
          <p>
            {t('site.privacyElsewhere')} <Link href={managedAddress('privacy')}>{t('manage.privacy')}</Link>
          </p>
        </>
      )}
    </PlaceForm>
  );
}
