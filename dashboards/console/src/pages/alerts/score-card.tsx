import type { Alert } from '@watchpost/contracts/alert';
import type { Site } from '@watchpost/contracts/site';
import { becauseText, signedPoints } from '../../texts/alert-texts.ts';
import { useTexts } from '../../texts/texts.tsx';
import { riskSum } from './risk-sum.ts';

/** The score as a waterfall: each bar begins where the one before it ended, and the last line is the sum. */
export function ScoreCard({ alert, site }: { readonly alert: Alert; readonly site: Site | null }) {
  const texts = useTexts();
  const { t, number } = texts;
  const { shownScore, steps } = riskSum(alert.risk);
  const score = number(shownScore, { maximumFractionDigits: 1 });
  return (
    <section className="card score" data-testid="score-card" data-score={alert.risk.score}>
      <header>
        <h3>{t('score.title')}</h3>
        <p>{t('score.subject')}</p>
      </header>
      <ol>
        {steps.map(({ factor, shownPoints, fromPoints, toPoints }) => (
          <li
            key={factor.name}
            className="factor"
            data-testid="risk-factor"
            data-factor={factor.name}
            data-points={factor.points}
            data-sign={shownPoints < 0 ? 'minus' : 'plus'}
          >
            <span className="factor-name">{t(`factor.${factor.name}`)}</span>
            <b className="factor-points">{signedPoints(texts, shownPoints)}</b>
            <span className="factor-bar" aria-hidden="true">
              <i style={{ left: `${fromPoints}%`, width: `${Math.max(0.6, toPoints - fromPoints)}%` }} />
            </span>
            <span className="factor-why">{becauseText(texts, site, alert.zone, factor)}</span>
          </li>
        ))}
      </ol>
      <p className="score-sum" data-severity={alert.severity} data-testid="score-sum">
        <span className="factor-name">{t('score.sum')}</span>
        <b>
          {score} <small>{t('score.of')}</small>
        </b>
        <span className="factor-bar" aria-hidden="true">
          <i style={{ left: 0, width: `${shownScore}%` }} />
        </span>
        <span className="factor-why">
          {steps.map((step, index) => {
            const points = signedPoints(texts, step.shownPoints);
            return index === 0 ? points.replace('+', '') : ` ${points[0]} ${points.slice(1)}`;
          })}
          {` = ${score} · ${t('score.rules', { version: alert.risk.ruleSet })}`}
        </span>
      </p>
    </section>
  );
}
