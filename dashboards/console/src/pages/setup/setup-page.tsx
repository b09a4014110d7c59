import type { SetupAnswer, SiteFileView } from '@watchpost/contracts/api';
import { type ComponentType, useCallback, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { usePageTexts } from '../../texts/texts.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { siteFileApi } from '../../ui/site-file/site-file-api.ts';
import { useStill } from '../../ui/site-file/use-still.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import { AccountStep } from './account-step.tsx';
import { AddressStep } from './address-step.tsx';
import { CameraStep } from './camera-step.tsx';
import { DrawStep } from './draw-step.tsx';
import { FacesStep } from './faces-step.tsx';
import { LogInStep } from './log-in-step.tsx';
import { PictureStep } from './picture-step.tsx';
import { beforeOf, type Choices, nextOf, type SetupStep, setupDone, stepOf } from './setup-steps.ts';
import { SiteStep } from './site-step.tsx';
import type { StepProps } from './step-props.ts';
import type { setupEn } from './texts-en.ts';
import { WalkStep } from './walk-step.tsx';

const steps: Readonly<Record<SetupStep, ComponentType<StepProps>>> = {
  account: AccountStep,
  address: AddressStep,
  site: SiteStep,
  camera: CameraStep,
  log_in: LogInStep,
  picture: PictureStep,
  draw: DrawStep,
  walk: WalkStep,
  faces: FacesStep,
};

/**
 * From an empty site to its first camera, step by step. Each step is kept, so it can be left and gone on
 * with.
 */
export function SetupPage({ ask, session, sites }: ManagedPageProps) {
  const { t, language } = usePageTexts<typeof setupEn>();
  const own = session.sites.filter(({ permissions }) => permissions.includes('site.edit'));
  const [site, setSite] = useState<string>(own[0]?.site ?? '');
  const api = useMemo(() => siteFileApi(ask, site), [ask, site]);
  const load = useCallback(async () => ({ view: await api.read(), setup: await api.setup() }), [api]);
  const { value, problem, reload } = useLoaded(load);
  const isOwn = value !== null && value.view.site === site;
  return (
    <div className="setup">
      {own.length > 1 && (
        <label className="field managed-form">
          <span className="field-label">{t('setup.which')}</span>
          <select
            className="field-input"
            value={site}
            onChange={({ target }) => setSite(target.value)}
            data-testid="setup-which"
          >
            {own.map((one) => (
              <option key={one.site} value={one.site}>
                {sites.get(one.site)?.name[language] ?? one.site}
              </option>
            ))}
          </select>
        </label>
      )}
      <p className="problem" role="alert" data-testid="setup-load-problem">
        {problem}
      </p>
      {isOwn && value.view.value === null && <p className="notice">{t('setup.unreadable')}</p>}
      {isOwn && value.view.value !== null && (
        <Wizard key={site} {...{ ask, session, api, reload }} view={value.view} setup={value.setup} />
      )}
    </div>
  );
}

interface WizardProps extends Pick<StepProps, 'ask' | 'session' | 'api' | 'reload'> {
  readonly view: SiteFileView;
  /** What was kept when the page was opened. */
  readonly setup: SetupAnswer['setup'];
}

function Wizard({ setup, ...props }: WizardProps) {
  const { api } = props;
  const [step, setStep] = useState(() => stepOf(setup));
  const [choices, setChoices] = useState<Choices>(setup?.step === setupDone ? {} : (setup?.choices ?? {}));
  const still = useStill(api.site, String(choices.camera ?? ''));
  const [, navigate] = useLocation();
  async function onNext(chosen: Choices = {}) {
    const next = nextOf(step);
    const all = { ...choices, ...chosen };
    await api.keepSetup({ step: next, choices: all });
    setChoices(all);
    if (next === setupDone) navigate('/');
    else setStep(next);
  }
  const before = beforeOf(step);
  const onBack = before === null ? null : () => setStep(before);
  const Step = steps[step];
  return <Step key={step} {...props} {...{ step, choices, still, onNext, onBack }} />;
}
