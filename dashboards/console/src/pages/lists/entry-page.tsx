import type { ListEntry, ListEntryRequest } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import { useEffect, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { problemText } from '../../texts/problem-text.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { LineSign, signPaths } from '../../ui/signs.tsx';
import { useFocusOn } from '../../ui/use-focus-on.ts';
import { EntryFacts } from './entry-facts.tsx';
import { EntryForm } from './entry-form.tsx';
import { EntryPhotos } from './entry-photos.tsx';
import { EntrySteps } from './entry-steps.tsx';
import type { listsEn } from './texts-en.ts';

export interface EntryPageProps {
  readonly ask: Ask;
  readonly id: string;
  readonly sites: ReadonlyMap<string, Site>;
  readonly onBack: () => void;
}

/** One entry: what it says, who signed it, what is missing, and what the person may do. */
export function EntryPage({ ask, id, sites, onBack }: EntryPageProps) {
  const texts = usePageTexts<typeof listsEn>();
  const { t } = texts;
  const [entry, setEntry] = useState<ListEntry | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [isEdited, setIsEdited] = useState(false);
  // With each step that was taken too: the button of the step may be gone.
  const heading = useFocusOn<HTMLHeadingElement>(`${entry?.version} ${isEdited}`);
  useEffect(() => {
    call(ask, 'GET /lists/{id}', { params: { id } }).then(setEntry, setProblem);
  }, [ask, id]);
  const site = entry ? sites.get(entry.site) : undefined;
  const save = async (request: ListEntryRequest) => {
    if (!entry) return;
    const { version } = entry;
    setEntry(await call(ask, 'POST /lists/{id}', { params: { id }, body: { version, ...request } }));
    setIsEdited(false);
  };
  return (
    <div className="managed-stack">
      <button type="button" className="button button-quiet" onClick={onBack} data-testid="entry-back">
        <LineSign path={signPaths.back} />
        {t('lists.back')}
      </button>
      <p className="problem" role="alert" data-testid="entry-problem">
        {problem === null ? '' : problemText(texts, problem)}
      </p>
      {entry && (
        <h2 ref={heading} tabIndex={-1} data-testid="entry-label">
          {entry.label || t('lists.erasedLabel')}
        </h2>
      )}
      {entry && isEdited && site && (
        <EntryForm {...{ entry, site }} onSave={save} onCancel={() => setIsEdited(false)} />
      )}
      {entry && !isEdited && (
        <>
          <EntryFacts entry={entry} site={site} />
          {entry.state !== 'erased' && <EntryPhotos {...{ ask, entry }} onChanged={setEntry} />}
          <EntrySteps {...{ ask, entry }} onChanged={setEntry} onEdit={() => setIsEdited(true)} />
        </>
      )}
    </div>
  );
}
