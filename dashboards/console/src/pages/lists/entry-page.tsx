import type { ListEntry, ListEntryRequest, ListStep, PhotoAnswer } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { type ReactNode, useEffect, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { photoOf } from '../../api/photo-of.ts';
import { problemText } from '../../texts/problem-text.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { EntryForm } from './entry-form.tsx';
import { StepForm } from './step-form.tsx';
import type { listsEn } from './texts-en.ts';

export interface EntryPageProps {
  readonly ask: Ask;
  readonly id: string;
  readonly sites: ReadonlyMap<string, Site>;
  readonly onBack: () => void;
}

/** What a step is called; those with `reason` ask for one. */
export const stepTexts = {
  edit: { text: 'lists.edit', reason: false },
  propose: { text: 'lists.propose', reason: false },
  approve: { text: 'lists.approve', reason: false },
  refuse: { text: 'lists.refuse', reason: true },
  withdraw: { text: 'lists.withdraw', reason: true },
  review: { text: 'lists.reviewed', reason: true },
  erase: { text: 'lists.erase', reason: true },
} as const satisfies Readonly<Record<ListStep, { text: keyof typeof listsEn; reason: boolean }>>;

const gapTexts = {
  photo: 'lists.missingPhoto',
  proposal: 'lists.missingProposal',
  approval: 'lists.missingApproval',
} as const;

/** One entry: what it says, who signed it, what is missing, and what the person may do. */
export function EntryPage({ ask, id, sites, onBack }: EntryPageProps) {
  const texts = usePageTexts<typeof listsEn>();
  const { t, language } = texts;
  const [entry, setEntry] = useState<ListEntry | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [step, setStep] = useState<ListStep | null>(null);
  const [alike, setAlike] = useState<PhotoAnswer['duplicates']>([]);
  const [photo, setPhoto] = useState<{ readonly number: number; readonly url: string } | null>(null);
  const [asked, setAsked] = useState<number | null>(null);
  const path = `/lists/${id}`;

  useEffect(() => {
    ask<ListEntry>('GET', path).then(setEntry, setProblem);
  }, [ask, path]);
  useEffect(() => () => (photo ? URL.revokeObjectURL(photo.url) : undefined), [photo]);

  async function run(work: () => Promise<void>): Promise<void> {
    setBusy(true);
    setProblem(null);
    await work().catch(setProblem);
    setBusy(false);
  }
  const back = (
    <button type="button" className="button button-quiet" onClick={onBack} data-testid="entry-back">
      {t('lists.back')}
    </button>
  );
  const said = (
    <p className="problem" role="alert" data-testid="entry-problem">
      {problem === null ? '' : problemText(texts, problem)}
    </p>
  );
  if (!entry)
    return (
      <>
        {back}
        {said}
      </>
    );
  const { version } = entry;
  const site = sites.get(entry.site);
  const take = (name: ListStep, body: object) =>
    run(async () => {
      setEntry(
        await ask<ListEntry>('POST', name === 'edit' ? path : `${path}/${name}`, { version, ...body }),
      );
      setStep(null);
    });
  const addPhoto = (file: File) =>
    run(async () => {
      const sent = file.type === '' ? new Blob([file], { type: 'application/octet-stream' }) : file;
      const answer = await ask<PhotoAnswer>('POST', `${path}/photos?version=${version}`, sent);
      setEntry(answer.entry);
      setAlike(answer.duplicates);
    });
  const showPhoto = (index: number, reason: string) =>
    run(async () => {
      const found = await photoOf(`${path}/photos/${index}/view`, reason);
      setPhoto({ number: index + 1, url: URL.createObjectURL(found) });
      setAsked(null);
    });
  const offered = entry.may.filter((name) => name !== step);
  const row = (name: keyof typeof listsEn, value: ReactNode) => (
    <div>
      <dt>{t(name)}</dt>
      <dd>{value}</dd>
    </div>
  );
  const zoneName = (zone: string) => site?.zones.find((one) => one.id === zone)?.name[language] ?? zone;
  return (
    <>
      {back}
      <h2 data-testid="entry-label">{entry.label || t('lists.erasedLabel')}</h2>
      {said}
      <dl className="list-facts">
        {row('lists.state', <span data-testid="entry-state">{t(`lists.state.${entry.state}`)}</span>)}
        {entry.missing.length > 0
          ? row(
              'lists.missing',
              <ul data-testid="entry-missing">
                {entry.missing.map((gap) => (
                  <li key={gap}>{t(gapTexts[gap])}</li>
                ))}
              </ul>,
            )
          : null}
        {row('lists.list', t(entry.list === 'watch' ? 'lists.watch' : 'lists.access'))}
        {row('lists.author', entry.author.name)}
        {row(
          'lists.approvals',
          entry.approvals.length === 0
            ? t('lists.nobody')
            : entry.approvals.map(({ name }) => name).join(' · '),
        )}
        {row('lists.legalBasis', entry.legalBasis)}
        {row('lists.authority', entry.authority)}
        {row('lists.purpose', entry.purpose)}
        {row('lists.reason', entry.reason)}
        {row('lists.instruction', entry.instruction)}
        {row('lists.area', entry.area.map(zoneName).join(' · '))}
        {row('lists.expires', entry.expires.slice(0, 10))}
        {row('lists.review', entry.review.slice(0, 10))}
      </dl>
      {entry.erasure ? (
        <p className="notice" data-testid="entry-erasure">
          {t('lists.erasure', { receipts: entry.erasure.receipts, of: entry.erasure.of })}
          {entry.erasure.waitingFor.length > 0
            ? ` ${t('lists.waitingFor', { gateways: entry.erasure.waitingFor.join(', ') })}`
            : null}
        </p>
      ) : null}
      <section className="managed-part" aria-labelledby="entry-photos">
        <h3 id="entry-photos">{t('lists.photos')}</h3>
        <div className="list-buttons">
          {Array.from({ length: entry.photos }, (_, index) => (
            <button
              // biome-ignore lint/suspicious/noArrayIndexKey: a photo is known by its index
              key={index}
              type="button"
              className="button"
              onClick={() => setAsked(index)}
              data-testid={`photo-${index}`}
            >
              {t('lists.viewPhoto', { number: index + 1 })}
            </button>
          ))}
        </div>
        {asked === null ? null : (
          <StepForm
            title={t('lists.viewPhoto', { number: asked + 1 })}
            needsReason
            busy={busy}
            onCancel={() => setAsked(null)}
            onConfirm={({ reason }) => void showPhoto(asked, reason)}
          />
        )}
        {photo ? (
          <img className="list-photo" src={photo.url} alt={t('lists.photoAlt', { number: photo.number })} />
        ) : null}
        {entry.state === 'draft' || entry.state === 'proposed' ? (
          <label className="list-field">
            {t('lists.addPhoto')}
            <input
              type="file"
              accept="image/*"
              capture="environment"
              disabled={busy}
              data-testid="entry-photo"
              onChange={({ target }) => {
                const [file] = target.files ?? [];
                if (file) void addPhoto(file);
                target.value = '';
              }}
            />
          </label>
        ) : null}
        {alike.map((one) => (
          <p key={one.id} className="notice" role="status">
            {t('lists.duplicate', { label: one.label })}
          </p>
        ))}
      </section>
      <section className="managed-part">
        {step === 'edit' && site ? (
          <EntryForm
            entry={entry}
            site={site}
            busy={busy}
            onCancel={() => setStep(null)}
            onSave={(request: ListEntryRequest) => void take('edit', request)}
          />
        ) : null}
        {step !== null && step !== 'edit' ? (
          <StepForm
            key={step}
            title={t(stepTexts[step].text)}
            needsReason={stepTexts[step].reason}
            {...(step === 'review' ? { review: entry.review } : {})}
            busy={busy}
            onCancel={() => setStep(null)}
            onConfirm={({ reason, review }) =>
              void take(step, { ...(reason ? { reason } : {}), ...(review ? { review } : {}) })
            }
          />
        ) : null}
        <div className="list-buttons">
          {offered.map((name) => (
            <button
              key={name}
              type="button"
              className={name === 'withdraw' || name === 'erase' ? 'button button-danger' : 'button'}
              onClick={() => setStep(name)}
              data-testid={`step-${name}`}
            >
              {t(stepTexts[name].text)}
            </button>
          ))}
        </div>
      </section>
    </>
  );
}
