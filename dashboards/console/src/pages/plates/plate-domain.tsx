import { useCallback, useMemo } from 'react';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { FileState } from '../../ui/site-file/change-steps.tsx';
import { EntryText } from '../../ui/site-file/entry-fields.tsx';
import { PlaceForm } from '../../ui/site-file/place-form.tsx';
import { siteFileApi } from '../../ui/site-file/site-file-api.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import type { platesEn } from './texts-en.ts';

export interface PlateDomainProps {
  readonly ask: Ask;
  readonly site: string;
  readonly name: string;
  readonly onLeave: () => void;
  /** It is in force: the words for it. */
  readonly onDone: (said: string) => void;
}

/** Under which host name a site issues plates: a setting of its file, without which there may be none. */
export function PlateDomain({ ask, site, name, onLeave, onDone }: PlateDomainProps) {
  const { t } = usePageTexts<typeof platesEn>();
  const api = useMemo(() => siteFileApi(ask, site), [ask, site]);
  const { value: view, problem, reload } = useLoaded(useCallback(() => api.read(), [api]));
  return (
    <>
      <p className="problem" role="alert" data-testid="plate-domain-problem">
        {problem}
      </p>
      {view && <FileState view={view} />}
      {view?.value && (
        <PlaceForm
          {...{ api, view, reload, onDone, onLeave, mayEdit: true }}
          place={{ section: ['passes'] }}
          own={['/passes/plateDomain']}
          title={t('plates.domainOf', { site: name })}
          testId="plate-domain-form"
        >
          {() => (
            <EntryText
              at={['plateDomain']}
              label={t('plates.domain')}
              hint={t('plates.domainHint')}
              placeholder="plates.example"
              required
            />
          )}
        </PlaceForm>
      )}
    </>
  );
}
