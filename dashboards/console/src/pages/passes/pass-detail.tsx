import type { Pass, PassLink } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import { useCallback, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { passLinkOf } from '../../routes/one-time-link.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { absoluteTime } from '../../texts/time-text.ts';
import { AskFirst } from '../../ui/ask-first.tsx';
import { ShownOnce } from '../../ui/shown-once.tsx';
import { useAction } from '../../ui/use-action.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import { HeldPasses } from './held-passes.tsx';
import { PassCode } from './pass-code.tsx';
import type { passesEn } from './texts-en.ts';

export interface PassDetailProps {
  readonly ask: Ask;
  readonly id: string;
  readonly site: Site | undefined;
  /** Whether the person may show, send and revoke it. */
  readonly mayIssue: boolean;
  readonly onBack: () => void;
}

/** One pass: what it says, where it was used, and what may be done with it. */
export function PassDetail({ ask, id, site, mayIssue, onBack }: PassDetailProps) {
  const { t, language } = usePageTexts<typeof passesEn>();
  const {
    value: pass,
    problem,
    reload,
  } = useLoaded(useCallback(() => call(ask, 'GET /passes/{id}', { params: { id } }), [ask, id]));
  const action = useAction();
  const [code, setCode] = useState<string | null>(null);
  const [link, setLink] = useState<PassLink | null>(null);
  const at = (time: string) => absoluteTime(time, site?.timeZone, language);
  const isGood = pass?.state === 'valid' || pass?.state === 'waiting';
  const show = () =>
    action.run(async () => setCode((await call(ask, 'POST /passes/{id}/show', { params: { id } })).text));
  const send = async () => {
    setLink(await call(ask, 'POST /passes/{id}/link', { params: { id } }));
    await reload();
  };
  const revoke = async (fields: FormData) => {
    await call(ask, 'POST /passes/{id}/revoke', {
      params: { id },
      body: { reason: String(fields.get('reason') ?? '') },
    });
    setCode(null);
    setLink(null);
    await reload();
  };
  return (
    <>
      <button type="button" className="button button-quiet" onClick={onBack} data-testid="pass-back">
        {t('passes.back')}
      </button>
      <p className="problem" role="alert" data-testid="pass-problem">
        {problem || action.problem}
      </p>
      {link && (
        <ShownOnce
          label={t('passes.linkShown', { until: at(link.expires) })}
          value={passLinkOf(location.origin, link.token)}
          testId="pass-link"
          onDone={() => setLink(null)}
        />
      )}
      {pass && (
        <>
          <PassFacts pass={pass} at={at} />
          <HeldPasses
            {...{ ask, passes: [pass], issuing: mayIssue ? [pass.site] : [], onConfirmed: reload }}
          />
          {(isGood || pass.state === 'held') && mayIssue ? (
            <div className="steps-row pass-steps">
              {!isGood ? null : code === null ? (
                <button
                  type="button"
                  className="button button-primary"
                  onClick={() => void show()}
                  data-testid="pass-show"
                  data-pending={action.busy || undefined}
                >
                  {t('passes.show')}
                </button>
              ) : (
                <>
                  <button
                    type="button"
                    className="button button-primary"
                    onClick={() => window.print()}
                    data-testid="pass-print"
                  >
                    {t('passes.print')}
                  </button>
                  <button type="button" className="button" onClick={() => setCode(null)}>
                    {t('passes.hide')}
                  </button>
                </>
              )}
              {isGood && (
                <AskFirst
                  button={t('passes.link')}
                  testId="pass-send"
                  title={t('passes.link')}
                  text={t('passes.linkText')}
                  danger={false}
                  onConfirm={send}
                />
              )}
              <AskFirst
                button={t('passes.revoke')}
                testId="pass-revoke"
                title={t('passes.revoke')}
                text={t('passes.revokeText')}
                onConfirm={revoke}
              >
                <label className="field">
                  <span className="field-label">{t('passes.why')}</span>
                  <textarea
                    {...{ className: 'field-input', name: 'reason', required: true, minLength: 3, rows: 2 }}
                    maxLength={1_000}
                    data-testid="pass-revoke-reason"
                  />
                </label>
              </AskFirst>
            </div>
          ) : null}
          {code !== null && isGood ? (
            <PassCode
              {...{ text: code, gates: pass.gates, address: pass.address, maxUses: pass.maxUses }}
              {...{ notBefore: pass.notBefore, notAfter: pass.notAfter }}
              name={site?.name[language] ?? pass.site}
              timeZone={site?.timeZone ?? 'UTC'}
            />
          ) : null}
          <PassUsesTable uses={pass.usesTaken} at={at} />
        </>
      )}
    </>
  );
}

function PassFacts({ pass, at }: { readonly pass: Pass; readonly at: (time: string) => string }) {
  const { t } = usePageTexts<typeof passesEn>();
  const { gates, state, notBefore, notAfter, purpose, reference, address, uses, maxUses, over } = pass;
  const facts = [
    [t('passes.state'), t(`passes.state.${state}`)],
    [t('passes.from'), at(notBefore)],
    [t('passes.until'), at(notAfter)],
    [t('passes.purpose'), t(`passes.purpose.${purpose}`)],
    [t('passes.reference'), reference],
    [t('passes.address'), address],
    [t('passes.uses'), t('passes.usesOf', { uses, of: maxUses })],
    [t('passes.issuedBy'), `${pass.issuedBy}, ${at(pass.issuedAt)}`],
  ] as const;
  return (
    <section className="managed-part" aria-label={t('passes.one')}>
      <h3>{gates.join(', ')}</h3>
      <dl className="pass-facts" data-testid="pass-facts">
        {facts.map(([name, value]) =>
          value === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      {pass.revoked && (
        <p data-testid="pass-revoked">
          {t('passes.revokedBy', {
            ...{ who: pass.revoked.by, at: at(pass.revoked.at), reason: pass.revoked.reason },
          })}
        </p>
      )}
      {over > 0 && (
        <p className="notice" data-testid="pass-over">
          {t('passes.overUsed', { count: over })}
        </p>
      )}
      {pass.link && (
        <p className="muted" data-testid="pass-link-state">
          {pass.link.openedAt === null
            ? t('passes.linkWaiting')
            : t('passes.linkOpened', { at: at(pass.link.openedAt) })}
        </p>
      )}
    </section>
  );
}

function PassUsesTable({
  uses,
  at,
}: {
  readonly uses: Pass['usesTaken'];
  readonly at: (time: string) => string;
}) {
  const { t } = usePageTexts<typeof passesEn>();
  return (
    <section className="managed-part" aria-label={t('passes.uses')}>
      <h3>{t('passes.uses')}</h3>
      {uses.length === 0 ? (
        <p data-testid="pass-unused">{t('passes.noUses')}</p>
      ) : (
        <table className="cards-table">
          <thead>
            <tr>
              <th scope="col">{t('passes.at')}</th>
              <th scope="col">{t('passes.gate')}</th>
              <th scope="col">{t('passes.gateway')}</th>
              <th scope="col">{t('passes.how')}</th>
            </tr>
          </thead>
          <tbody>
            {uses.map((use) => (
              <tr key={`${use.gateway} ${use.gate} ${use.at}`} data-testid="pass-use">
                <th scope="row">{at(use.at)}</th>
                <td data-label={t('passes.gate')}>{use.gate}</td>
                <td data-label={t('passes.gateway')}>{use.gateway}</td>
                <td data-label={t('passes.how')}>
                  {t(use.offline ? 'passes.offline' : 'passes.counted')}
                  {use.over ? ` · ${t('passes.tooMany')}` : ''}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
