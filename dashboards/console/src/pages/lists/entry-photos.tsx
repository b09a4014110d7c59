import type { ListEntry, PhotoAnswer } from '@watchpost/contracts/api';
import { addressOf } from '@watchpost/contracts/client';
import { useEffect, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { photoOf } from '../../api/photo-of.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { AskFirst } from '../../ui/ask-first.tsx';
import { useAction } from '../../ui/use-action.ts';
import { ReasonField } from './reason-field.tsx';
import type { listsEn } from './texts-en.ts';

export interface EntryPhotosProps {
  readonly ask: Ask;
  readonly entry: ListEntry;
  readonly onChanged: (entry: ListEntry) => void;
}

/** The photos of an entry: each is seen for a reason; more are added while it is not active. */
export function EntryPhotos({ ask, entry, onChanged }: EntryPhotosProps) {
  const { t } = usePageTexts<typeof listsEn>();
  const action = useAction();
  const [alike, setAlike] = useState<PhotoAnswer['duplicates']>([]);
  const [photo, setPhoto] = useState<{ readonly number: number; readonly url: string } | null>(null);
  useEffect(() => () => (photo ? URL.revokeObjectURL(photo.url) : undefined), [photo]);
  const path = `/lists/${entry.id}/photos`;
  const add = (file: File) =>
    action.run(async () => {
      const sent = file.type === '' ? new Blob([file], { type: 'application/octet-stream' }) : file;
      // The photo itself is sent, and no JSON.
      const address = addressOf(path, {}, { version: entry.version });
      const answer = await ask<PhotoAnswer>('POST', address, sent);
      setAlike(answer.duplicates);
      onChanged(answer.entry);
    });
  const show = async (index: number, reason: string) => {
    const found = await photoOf(`${path}/${index}/view`, reason);
    setPhoto({ number: index + 1, url: URL.createObjectURL(found) });
  };
  const mayAdd = entry.may.includes('edit') && (entry.state === 'draft' || entry.state === 'proposed');
  return (
    <section className="managed-part" aria-labelledby="entry-photos">
      <h3 id="entry-photos">{t('lists.photos')}</h3>
      {entry.photos === 0 ? <p data-testid="photos-none">{t('lists.photosNone')}</p> : null}
      <div className="steps-row">
        {Array.from({ length: entry.photos }, (_, index) => (
          <AskFirst
            // biome-ignore lint/suspicious/noArrayIndexKey: a photo is known by its index
            key={index}
            button={t('lists.viewPhoto', { number: index + 1 })}
            testId={`photo-${index}`}
            danger={false}
            title={t('lists.viewPhoto', { number: index + 1 })}
            text={t('lists.viewPhotoText')}
            onConfirm={(fields) => show(index, String(fields.get('reason') ?? '').trim())}
          >
            <ReasonField />
          </AskFirst>
        ))}
      </div>
      {photo ? (
        <img
          className="list-photo"
          src={photo.url}
          alt={t('lists.photoAlt', { number: photo.number })}
          data-testid="photo-shown"
        />
      ) : null}
      {mayAdd ? (
        // The browser's own words on the button are in the browser's language, not in that of the page.
        <label className="button file-button" data-pending={action.busy || undefined}>
          {t(action.busy ? 'lists.photoBusy' : 'lists.addPhoto')}
          <input
            type="file"
            className="sr-only"
            accept="image/*"
            aria-describedby="entry-photo-help"
            data-testid="entry-photo"
            onChange={({ target }) => {
              const [file] = target.files ?? [];
              if (file) void add(file);
              target.value = '';
            }}
          />
        </label>
      ) : null}
      {mayAdd ? (
        <p id="entry-photo-help" className="muted">
          {t('lists.photoHelp')}
        </p>
      ) : null}
      <p className="problem" role="alert" data-testid="photo-problem">
        {action.problem}
      </p>
      <div role="status">
        {alike.map((one) => (
          <p key={one.id} className="notice" data-testid="photo-alike">
            {t('lists.duplicate', { label: one.label })}
          </p>
        ))}
      </div>
    </section>
  );
}
