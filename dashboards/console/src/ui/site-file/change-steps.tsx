import type { SiteFileView, SitePlan } from '@watchpost/contracts/api';
import { wholeDurationText } from '../../texts/duration-text.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { useFocusOn } from '../use-focus-on.ts';
import { isWithin } from './edits-between.ts';
import type { siteFileEn } from './file-texts-en.ts';
import { MistakeList } from './mistakes.tsx';
import type { Change } from './use-change.ts';

export interface ChangeStepsProps {
  readonly change: Change;
  /** Where in the file the form stands, as JSON pointers: mistakes there keep it from being applied. */
  readonly pointers: readonly string[];
  readonly isChanged: boolean;
  readonly onApply: () => void;
  readonly onCancel?: () => void;
  /** Loads what somebody else saved, and puts what was made here onto it. */
  readonly onReload: () => void;
}

/** The end of each form that edits the site file: look at what would come of it, then apply. */
export function ChangeSteps(props: ChangeStepsProps) {
  const { change, pointers, isChanged, onApply, onCancel, onReload } = props;
  const { t } = usePageTexts<typeof siteFileEn>();
  const { plan, action } = change;
  const shown = useFocusOn<HTMLElement>(plan);
  const isOwn = (path: string) => pointers.some((pointer) => isWithin(path, pointer));
  const own = plan?.mistakes.filter(({ path }) => isOwn(path)) ?? [];
  const others = plan?.mistakes.filter(({ path }) => !isOwn(path)) ?? [];
  const warnings = plan?.warnings.filter(({ path }) => isOwn(path)) ?? [];
  const isGood = plan !== null && plan.outcome === 'applies' && own.length === 0;
  return (
    <div className="site-steps">
      {plan !== null && (
        <section className="site-plan" ref={shown} tabIndex={-1} data-testid="site-plan">
          <h4>{isGood ? t('site.planTitle') : t('site.planRefused')}</h4>
          {isGood && <PlanText plan={plan} />}
          <MistakeList title={t('site.ownMistakes')} mistakes={own} />
          <MistakeList title={t('site.warnings')} mistakes={warnings} />
          <MistakeList title={t('site.otherMistakes')} mistakes={others} unshown={plan.unshown} />
        </section>
      )}
      <p className="problem" role="alert" data-testid="site-problem">
        {action.problem}
      </p>
      {change.isOutdated && (
        <div className="notice" data-testid="site-outdated">
          <p>{t('site.outdated')}</p>
          <button type="button" className="button" onClick={onReload} data-testid="site-reload">
            {t('site.reload')}
          </button>
        </div>
      )}
      <div className="steps-row">
        {isGood ? (
          <>
            <button
              type="button"
              className="button button-primary"
              data-pending={action.busy || undefined}
              onClick={onApply}
              data-testid="site-apply"
            >
              {action.busy ? t('site.applying') : t('site.apply')}
            </button>
            <button type="button" className="button" onClick={change.leave} data-testid="site-back-to-form">
              {t('site.editOn')}
            </button>
          </>
        ) : (
          <button
            type="submit"
            className="button button-primary"
            aria-disabled={!isChanged || undefined}
            data-pending={action.busy || undefined}
            data-testid="site-review"
          >
            {t('site.review')}
          </button>
        )}
        {onCancel && (
          <button type="button" className="button" onClick={onCancel} data-testid="site-cancel">
            {t('manage.cancel')}
          </button>
        )}
      </div>
    </div>
  );
}

/** What a change means for those that run the site. */
export function PlanText({ plan }: { readonly plan: Pick<SitePlan, 'changes'> }) {
  const texts = usePageTexts<typeof siteFileEn>();
  const { t, language } = texts;
  const { changes } = plan;
  if (changes === null) return null;
  const listed = (ids: readonly string[]) => ids.join(language === 'zh-CN' ? '、' : ', ');
  const { alerting, permits, slowWithdrawal, gateways, untouched } = changes;
  const lines = [
    ...(alerting ? [t('site.planAlerting')] : []),
    ...(permits ? [t('site.planPermits')] : []),
    ...(permits && slowWithdrawal
      ? [t('site.planSlowWithdrawal', { within: wholeDurationText(texts, slowWithdrawal.withinMs) })]
      : []),
    ...gateways.flatMap(({ gateway, changed, added, gone, kept }) => [
      ...(added.length > 0 ? [t('site.planAdded', { gateway, devices: listed(added) })] : []),
      ...(changed.length > 0 ? [t('site.planChanged', { gateway, devices: listed(changed) })] : []),
      ...(gone.length > 0 ? [t('site.planGone', { gateway, devices: listed(gone) })] : []),
      ...(kept.length > 0 ? [t('site.planKept', { gateway, count: kept.length })] : []),
    ]),
    ...(untouched.length > 0 ? [t('site.planUntouched', { gateways: listed(untouched) })] : []),
  ];
  return (
    <ul className="site-plan-lines">
      {(lines.length > 0 ? lines : [t('site.planNothing')]).map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

/** The file as it was read: whether it is in force, and what in it is wrong. */
export function FileState({ view }: { readonly view: SiteFileView }) {
  const { t } = usePageTexts<typeof siteFileEn>();
  return (
    <>
      {!view.inForce && (
        <p className="notice" role="status" data-testid="site-not-in-force">
          {t('site.notInForce')}
        </p>
      )}
      <MistakeList title={t('site.fileMistakes')} mistakes={view.mistakes} unshown={view.unshown} />
      <MistakeList title={t('site.warnings')} mistakes={view.warnings} />
    </>
  );
}
