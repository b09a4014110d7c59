import { call } from '@watchpost/contracts/client';
import { useCallback } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { FactorPart } from '../../ui/factors/factor-part.tsx';
import { useAction } from '../../ui/use-action.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import { StepFrame } from './step-frame.tsx';
import type { StepProps } from './step-props.ts';
import type { setupEn } from './texts-en.ts';

/** A second factor for the account that was just made, with its recovery codes; it can wait. */
export function AccountStep({ step, ask, onNext, onBack }: StepProps) {
  const { t } = usePageTexts<typeof setupEn>();
  const action = useAction();
  const load = useCallback(() => call(ask, 'GET /account'), [ask]);
  const { value: account, problem, reload } = useLoaded(load);
  const isThere = account !== null && (account.byProvider || account.factors.length > 0);
  return (
    <StepFrame
      {...{ step, action, onBack }}
      onSubmit={() => onNext()}
      above={account && <FactorPart ask={ask} account={account} onChanged={reload} />}
    >
      <p className="problem" role="alert">
        {problem}
      </p>
      {isThere && <p data-testid="setup-factor">{t('setup.factorThere')}</p>}
    </StepFrame>
  );
}
