import type { FileMistake, SiteEdit } from '@watchpost/contracts/api';
import { useState } from 'react';
import { ApiProblem } from '../../api/ask.ts';
import { isWithin } from '../../ui/site-file/edits-between.ts';
import type { StepProps } from './step-props.ts';

/** A change of a step: looked at first, and made when nothing of what the step asks for is wrong. */
export interface Apply {
  /** Of the last look; they stand beside their fields. */
  readonly mistakes: readonly FileMistake[];
  /**
   * @param own where the step’s fields stand in the file, as JSON pointers
   * @param only `look`: nothing is changed yet
   * @returns whether nothing of the step is wrong
   */
  readonly run: (edits: readonly SiteEdit[], own: readonly string[], only?: 'look') => Promise<boolean>;
}

/**
 * @throws ApiProblem where the file cannot be changed; of one that somebody else changed the newest is loaded
 */
export function useApply({ api, view, reload }: Pick<StepProps, 'api' | 'view' | 'reload'>): Apply {
  const [mistakes, setMistakes] = useState<readonly FileMistake[]>([]);
  return {
    mistakes,
    async run(edits, own, only) {
      setMistakes([]);
      if (edits.length === 0) return true;
      try {
        const plan = await api.plan(view.digest, edits);
        const wrong = plan.mistakes.filter(({ path }) => own.some((pointer) => isWithin(path, pointer)));
        setMistakes(wrong);
        if (wrong.length > 0) return false;
        if (plan.outcome === 'refused') throw new ApiProblem('site.edit_refused', '', 422);
        if (only === 'look') return true;
        await api.apply(view.digest, edits);
      } catch (problem) {
        if (problem instanceof ApiProblem && problem.code === 'site.changed_meanwhile') await reload();
        throw problem;
      }
      await reload();
      return true;
    },
  };
}
