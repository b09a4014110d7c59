import { type FormEvent, type ReactNode, useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { ChangeSteps } from './change-steps.tsx';
import { EntryFields, withBothNames } from './entry-fields.tsx';
import type { siteFileEn } from './file-texts-en.ts';
import type { Fields } from './file-value.ts';
import type { SitePartProps } from './site-part.ts';
import { useChange } from './use-change.ts';
import { type Place, useEntryDraft } from './use-entry-draft.ts';

export interface PlaceFormProps extends SitePartProps {
  readonly place: Place;
  readonly fresh?: Fields;
  readonly title: string;
  readonly testId: string;
  /** Its fields may be folded away, where a browser cannot show what is wrong. */
  readonly isLong?: boolean;
  readonly onLeave?: () => void;
  /** Where in the file its fields stand, as JSON pointers; left out: the whole place. */
  readonly own?: readonly string[];
  /** Something besides the entry itself has changed: a password was typed. */
  readonly isMore?: boolean;
  /**
   * Keeps what has to be kept before the change can be looked at; gives the entry with its names, or null
   * where it says itself why it goes no further.
   */
  readonly prepare?: (value: Fields) => Promise<Fields | null>;
  readonly children: (value: Fields, set: (value: Fields) => void, touch: () => void) => ReactNode;
}

/** A part of the site file as a form: fields, then what would come of the change, then the change. */
export function PlaceForm(props: PlaceFormProps) {
  const {
    api,
    view,
    reload,
    place,
    fresh,
    title,
    testId,
    onLeave,
    onDone,
    isMore = false,
    prepare,
    own,
    children,
    mayEdit,
    isLong,
  } = props;
  const { t } = usePageTexts<typeof siteFileEn>();
  const draft = useEntryDraft(view, place, fresh);
  const change = useChange(api, view);
  const [note, setNote] = useState('');
  const { value } = draft;
  const set = (next: Fields) => {
    change.leave();
    draft.set(next);
  };
  function review(event: FormEvent) {
    event.preventDefault();
    if (draft.edits.length === 0 && !isMore) return change.action.refuse(t('site.unchanged'));
    void change.review(async () => {
      const prepared = prepare ? await prepare(value) : value;
      if (prepared === null) return null;
      const ready = withBothNames(prepared);
      draft.set(ready);
      return draft.editsTo(ready);
    });
  }
  async function apply() {
    if (await change.apply()) onDone(t('site.applied', { name: title }));
  }
  async function moveOn() {
    const both = draft.moveTo(await api.read());
    setNote(both.length > 0 ? t('site.bothTouched', { places: both.join(', ') }) : t('site.movedOn'));
    await reload();
  }
  return (
    <form className="managed-stack site-form" onSubmit={review} noValidate={isLong} data-testid={testId}>
      <h3>{title}</h3>
      {note !== '' && (
        <p className="notice" role="status" data-testid="site-note">
          {note}
        </p>
      )}
      <EntryFields value={value} set={set} pointer={draft.pointer} mistakes={change.plan?.mistakes ?? []}>
        <fieldset className="site-fields" disabled={!mayEdit}>
          {children(value, set, change.leave)}
        </fieldset>
        {mayEdit && (
          <ChangeSteps
            change={change}
            pointers={own ?? [draft.pointer]}
            isChanged={draft.edits.length > 0 || isMore}
            onApply={() => void apply()}
            {...(onLeave ? { onCancel: onLeave } : {})}
            onReload={() => void moveOn()}
          />
        )}
      </EntryFields>
    </form>
  );
}
