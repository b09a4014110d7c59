import type { SiteEdit, SiteFileView, SitePlan } from '@watchpost/contracts/api';
import { useState } from 'react';
import { ApiProblem } from '../../api/ask.ts';
import { type Action, useAction } from '../use-action.ts';
import type { SiteFileApi } from './site-file-api.ts';

/** A change of the site file on its way: first what would come of it, then the change itself. */
export interface Change {
  readonly action: Action;
  /** What would come of it; null while it is edited. */
  readonly plan: SitePlan | null;
  /** Somebody else saved the file meanwhile. */
  readonly isOutdated: boolean;
  /**
   * @param prepare keeps what has to be kept first, such as a password, and gives the edits; null where it
   *   has said itself why it goes no further
   */
  readonly review: (prepare: () => Promise<readonly SiteEdit[] | null>) => Promise<void>;
  /** Makes the change that was looked at; says whether it is made. */
  readonly apply: () => Promise<boolean>;
  /** Back to editing. */
  readonly leave: () => void;
}

const isOutdatedBy = (problem: unknown): boolean =>
  problem instanceof ApiProblem && problem.code === 'site.changed_meanwhile';

export function useChange(api: SiteFileApi, view: SiteFileView): Change {
  const action = useAction();
  const [planned, setPlanned] = useState<{ plan: SitePlan; edits: readonly SiteEdit[] } | null>(null);
  const [outdatedBy, setOutdatedBy] = useState('');
  const noticing = async <T>(what: () => Promise<T>): Promise<T> => {
    try {
      return await what();
    } catch (problem) {
      if (isOutdatedBy(problem)) setOutdatedBy(view.digest);
      throw problem;
    }
  };
  return {
    action,
    plan: planned?.plan ?? null,
    isOutdated: outdatedBy === view.digest,
    async review(prepare) {
      setPlanned(null);
      await action.run(() =>
        noticing(async () => {
          const edits = await prepare();
          if (edits !== null) setPlanned({ plan: await api.plan(view.digest, edits), edits });
        }),
      );
    },
    async apply() {
      if (planned === null) return false;
      return await action.run(() =>
        noticing(async () => {
          await api.apply(view.digest, planned.edits);
        }),
      );
    },
    leave() {
      setPlanned(null);
      action.refuse('');
    },
  };
}
