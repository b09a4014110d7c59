import type { ArmingStep } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { useAction } from '../../ui/use-action.ts';
import { addressed } from './addressed.ts';
import type { AreaPartProps } from './area-part.ts';
import { useProblemWords } from './problem-words.ts';
import type { armingEn } from './texts-en.ts';

/** Who did what with an area, when somebody wants to know. */
export function AreaSteps({ ask, area, site, nowMs }: Omit<AreaPartProps, 'onChanged'>) {
  const { t } = usePageTexts<typeof armingEn>();
  const words = useProblemWords(site, nowMs);
  const action = useAction();
  const [steps, setSteps] = useState<readonly ArmingStep[]>([]);
  const load = async () => {
    setSteps((await call(ask, 'GET /arming/{area}/steps', addressed(area))).steps);
  };
  return (
    <details
      onToggle={({ currentTarget }) => {
        if (currentTarget.open) void action.run(load);
      }}
    >
      <summary data-testid="area-steps">{t('arming.steps')}</summary>
      <p className="problem" role="alert">
        {action.problem}
      </p>
      <ul>
        {steps.map(({ at, step, mode, by, devices }) => (
          <li key={`${at} ${step} ${devices.join()}`}>
            {words.at(at)} · {t(`arming.step.${step}`)}
            {mode && ` (${t(`arming.mode.${mode}`)})`}
            {by && ` · ${by}`}
            {devices.length > 0 && ` · ${devices.map(words.device).join(', ')}`}
          </li>
        ))}
      </ul>
    </details>
  );
}
