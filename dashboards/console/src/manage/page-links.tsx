import { Link } from 'wouter';
import { type ManagedPage, managedAddress } from '../routes/place.ts';
import { useTexts } from '../texts/texts.tsx';
import { inGroups } from './sections.ts';

interface PageLinksProps {
  readonly pages: readonly ManagedPage[];
  readonly current?: ManagedPage;
  readonly testId: (page: ManagedPage) => string;
  readonly onFollow?: () => void;
}

/** Links to pages, under what they belong to. */
export function PageLinks({ pages, current, testId, onFollow }: PageLinksProps) {
  const { t } = useTexts();
  return inGroups(pages).map(({ group, pages: its }) => (
    <section key={group} className="page-group" aria-label={t(`group.${group}`)}>
      {group !== 'own' && (
        <p className="page-group-name" aria-hidden="true">
          {t(`group.${group}`)}
        </p>
      )}
      {its.map((page) => (
        <Link
          key={page}
          className="button button-quiet"
          href={managedAddress(page)}
          onClick={onFollow}
          data-testid={testId(page)}
          aria-current={current === page ? 'page' : undefined}
        >
          {t(`manage.${page}`)}
        </Link>
      ))}
    </section>
  ));
}
