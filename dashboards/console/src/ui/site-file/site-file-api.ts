import type {
  CameraTrial,
  SetupAnswer,
  SetupRequest,
  SiteApplied,
  SiteEdit,
  SiteFileView,
  SitePlan,
} from '@watchpost/contracts/api';
import { ApiProblem, type Ask } from '../../api/ask.ts';

/** What the pages that edit a site ask of the server. Every method rejects with an `ApiProblem`. */
export interface SiteFileApi {
  readonly site: string;
  read(): Promise<SiteFileView>;
  /** What would come of a change; nothing is written. */
  plan(basedOn: string, edits: readonly SiteEdit[]): Promise<SitePlan>;
  /** Makes the change, and waits until it is in force. */
  apply(basedOn: string, edits: readonly SiteEdit[]): Promise<SiteApplied>;
  /** Keeps a password or key, and says by which name the file calls it. */
  keepSecret(name: string, value: string): Promise<string>;
  /** Has the gateway try a camera; nothing is written. */
  tryCamera(asked: object): Promise<CameraTrial>;
  setup(): Promise<SetupAnswer['setup']>;
  keepSetup(setup: SetupRequest): Promise<void>;
}

/** Between two looks at whether a change is in force, and how many there are. */
const lookEveryMs = 500;
const mostLooks = 60;

export function siteFileApi(ask: Ask, site: string): SiteFileApi {
  const of = `?site=${encodeURIComponent(site)}`;
  const read = () => ask<SiteFileView>('GET', `/site-file${of}`);
  const pause = () => new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  /** A restart of alerting ends connections: who asks again until it answers misses nothing. */
  async function patiently<T>(what: () => Promise<T>): Promise<T> {
    for (let look = 1; ; look += 1) {
      try {
        return await what();
      } catch (problem) {
        if (!isPassing(problem) || look === mostLooks) throw problem;
      }
      await pause();
    }
  }
  async function inForce(digest: string): Promise<void> {
    for (let look = 0; look < mostLooks; look += 1) {
      const view = await patiently(read);
      // Another change on top of ours is somebody else’s to wait for.
      if (view.inForce || view.digest !== digest) return;
      await pause();
    }
  }
  return {
    site,
    read,
    plan: (basedOn, edits) => ask('POST', `/site-file/plan${of}`, { basedOn, edits }),
    async apply(basedOn, edits) {
      const applied = await ask<SiteApplied>('POST', `/site-file/apply${of}`, { basedOn, edits });
      await inForce(applied.digest);
      return applied;
    },
    async keepSecret(name, value) {
      const path = `/secrets/${encodeURIComponent(name)}${of}`;
      return (await ask<{ secret: string }>('PUT', path, { value })).secret;
    },
    tryCamera: (asked) => ask('POST', `/cameras/try${of}`, asked),
    setup: async () => (await ask<SetupAnswer>('GET', `/setup${of}`)).setup,
    keepSetup: (setup) => patiently(() => ask('PUT', `/setup${of}`, setup)),
  };
}

/** Whether a problem is one of a server that is just starting again. */
export const isPassing = (problem: unknown): boolean =>
  problem instanceof ApiProblem && (problem.status === 0 || problem.status >= 502);
