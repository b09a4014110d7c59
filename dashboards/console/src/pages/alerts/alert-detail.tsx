import type { Alert } from '@watchpost/contracts/alert';
import type { AlertDetail } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { memo, Suspense, useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { Link } from 'wouter';
import type { Ask } from '../../api/ask.ts';
import type { ConsoleApi } from '../../api/console-api.ts';
import type { Connection } from '../../api/event-stream.ts';
import { LoadFailure } from '../../manage/load-failure.tsx';
import { incidentAddress } from '../../routes/place.ts';
import { deviceName, whatHappened, zoneName } from '../../texts/alert-texts.ts';
import { problemText } from '../../texts/problem-text.ts';
import { useTexts } from '../../texts/texts.tsx';
import { responseCard as ResponseCard } from '../../ui/response/response-card-entry.ts';
import { LineSign, SeveritySign, signPaths } from '../../ui/signs.tsx';
import { AlertFacts } from './alert-facts.tsx';
import { AlertHistory } from './alert-history.tsx';
import { AlertMore } from './alert-more.tsx';
import { AlertSteps } from './alert-steps.tsx';
import { candidateCard as CandidateCard } from './candidate/candidate-entry.ts';
import { InstructionCard } from './instruction-card.tsx';
import { quietCard as QuietCard } from './quiet/quiet-entry.ts';
import { ScoreCard } from './score-card.tsx';
import { detailTitleId } from './use-focus-on-phone.ts';

/** Event types whose cause lasts until it clears; a face or a pass is over when it is seen. */
const lasting = /^watchpost\.(?:sensor|tamper)\./;

/** Whether the cause is one that can be there or be over. */
function isConditionShown({ condition, eventType }: Pick<Alert, 'condition' | 'eventType'>): boolean {
  return condition === 'cleared' || (condition === 'active' && lasting.test(eventType));
}

export interface AlertDetailProps {
  readonly api: ConsoleApi;
  /** For what is loaded when an alert is about it. */
  readonly ask: Ask;
  readonly alert: Alert | undefined;
  readonly selected: string | null;
  readonly site: Site | null;
  /** Whether the name of the site stands there. */
  readonly several: boolean;
  readonly mayDecide: boolean;
  readonly connection: Connection;
  readonly onChanged: (detail: AlertDetail) => void;
  /** The person has led the alert on. */
  readonly onTaken: (alert: Alert) => void;
  readonly onBack: () => void;
  /** Shows where it is; on a phone the plan is another view. */
  readonly onShowPlan: () => void;
}

/** How often the connection came back: the server may have been started again, with another site file. */
function useReturns(connection: Connection): number {
  const wasLost = useRef(false);
  const [returns, setReturns] = useState(0);
  useEffect(() => {
    if (connection === 'live' && wasLost.current) setReturns((before) => before + 1);
    if (connection !== 'connecting') wasLost.current = connection === 'lost';
  }, [connection]);
  return returns;
}

/**
 * What the list does not say of the shown alert: its history and what to do. Loaded again when there is
 * something new in it: a further event is not, and of these there may be many a second.
 */
function useDetail(
  api: ConsoleApi,
  id: string | null,
  state: string,
  returns: number,
  onLoaded: (detail: AlertDetail) => void,
) {
  const [detail, setDetail] = useState<AlertDetail | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const loaded = useRef(onLoaded);
  loaded.current = onLoaded;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what another alert left behind goes with the id
  useEffect(() => {
    setDetail(null);
    setProblem(null);
  }, [id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new state means new history, and a new connection new instructions
  useEffect(() => {
    if (id === null) return;
    let current = true;
    api.alert(id).then(
      (answer) => {
        if (!current) return;
        setDetail(answer);
        setProblem(null);
        loaded.current(answer);
      },
      (failure: unknown) => current && setProblem(failure),
    );
    return () => {
      current = false;
    };
  }, [api, id, state, returns]);
  return { detail, problem };
}

/** What stands in the history besides further events. */
function standOf(alert: Alert | undefined): string {
  if (!alert) return '';
  const { state, severity, condition, disposition, acknowledgedBy, resolvedBy, suppressions = [] } = alert;
  const quiet = suppressions.map(({ ref, until }) => `${ref} ${until}`);
  return [state, severity, condition, disposition, acknowledgedBy, resolvedBy, ...quiet].join(' ');
}

/** Everything about one alert, and the steps that can be taken. Drawn again only when that alert changed. */
export const AlertDetailPanel = memo(function AlertDetailPanel(props: AlertDetailProps) {
  const { api, ask, alert, selected, site, several, mayDecide, connection } = props;
  const { onChanged, onTaken, onBack, onShowPlan } = props;
  const texts = useTexts();
  const { t } = texts;
  const returns = useReturns(connection);
  const { detail, problem } = useDetail(api, selected, standOf(alert), returns, onChanged);
  return (
    <section
      className="pane pane-detail"
      aria-label={t('detail.label')}
      data-testid="alert-detail"
      data-alert-id={alert?.id}
      data-state={alert?.state}
    >
      <div className="phone-bar">
        <Button className="button button-quiet" onPress={onBack} data-testid="detail-back">
          <LineSign path={signPaths.back} />
          {t('detail.back')}
        </Button>
        {alert && (
          <Button className="button button-quiet" onPress={onShowPlan} data-testid="show-on-plan">
            <LineSign path={signPaths.plan} />
            {t('detail.onPlan')}
          </Button>
        )}
      </div>
      {!alert && (
        <p className="empty">
          {selected === null ? t('detail.none') : problem ? t('detail.gone') : t('app.loading')}
        </p>
      )}
      {alert && (
        <>
          <div className="detail-scroll" key={alert.id}>
            <header className="detail-head" data-severity={alert.severity}>
              <p className="detail-tags">
                <span className="severity-tag" data-severity={alert.severity}>
                  <SeveritySign severity={alert.severity} />
                  {t(`severity.${alert.severity}`)}
                </span>
                <span className="state" data-state={alert.state}>
                  {t(`state.${alert.state}`)}
                </span>
                {isConditionShown(alert) && (
                  <span className="condition" data-condition={alert.condition}>
                    {t(`condition.${alert.condition}`)}
                  </span>
                )}
              </p>
              <h2 id={detailTitleId} tabIndex={-1}>
                {whatHappened(texts, alert.eventType, alert.details, alert.device)}
              </h2>
              <p className="detail-where">
                {several && <>{site?.name[texts.language] ?? alert.site} · </>}
                <b>{zoneName(texts, site, alert.zone)}</b> · {deviceName(texts, site, alert.device)}
              </p>
            </header>
            {(mayDecide || alert.suppressions) && (
              <LoadFailure>
                <Suspense fallback={null}>
                  <QuietCard {...{ ask, alert, site, mayDecide, onChanged }} />
                </Suspense>
              </LoadFailure>
            )}
            {detail?.incident && (
              <p className="card">
                <Link href={incidentAddress(detail.incident.id)} data-testid="alert-incident">
                  {t('detail.incident', { count: detail.incident.alerts })}
                </Link>
              </p>
            )}
            <InstructionCard instruction={detail?.instruction} />
            {alert.eventType === 'watchpost.face.candidate.v1' && (
              <LoadFailure>
                <Suspense fallback={<p className="card muted">{t('app.loading')}</p>}>
                  <CandidateCard ask={ask} alert={alert} site={site} onChanged={onChanged} />
                </Suspense>
              </LoadFailure>
            )}
            {mayDecide && (
              <LoadFailure>
                <Suspense fallback={null}>
                  <ResponseCard ask={ask} alert={alert} site={site} />
                </Suspense>
              </LoadFailure>
            )}
            <AlertMore alert={alert} site={site} />
            <AlertFacts alert={alert} site={site} />
            <ScoreCard alert={alert} site={site} />
            <AlertHistory history={detail?.transitions ?? null} site={site} />
            {problem !== null && <p className="problem">{problemText(texts, problem)}</p>}
          </div>
          <AlertSteps
            key={`${alert.id}-steps`}
            api={api}
            alert={alert}
            mayDecide={mayDecide}
            onChanged={onChanged}
            onTaken={onTaken}
          />
        </>
      )}
    </section>
  );
});
