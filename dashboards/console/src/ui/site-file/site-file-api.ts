import type {
  CameraTrial,
  CameraTrialRequest,
  SetupAnswer,
  SetupRequest,
  SiteApplied,
  SiteEdit,
  SiteFileView,
  SitePlan,
} from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
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
  tryCamera(asked: CameraTrialRequest): Promise<CameraTrial>;
  setup(): Promise<SetupAnswer['setup']>;
  keepSetup(setup: SetupRequest): Promise<void>;
}

/** Between two looks at whether a change is in force, and how many there are. */
const lookEveryMs = 500;
const mostLooks = 60;

export function siteFileApi(ask: Ask, site: string): SiteFileApi {
  const query = { site };
  const read = () => call(ask, 'GET /site-file', { query });
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
    plan: (basedOn, edits) => call(ask, 'POST /site-file/plan', { query, body: { basedOn, edits } }),
    async apply(basedOn, edits) {
      const applied = await call(ask, 'POST /site-file/apply', { query, body: { basedOn, edits } });
      await inForce(applied.digest);
      return applied;
    },
    async keepSecret(name, value) {
      return (await call(ask, 'PUT /secrets/{name}', { params: { name }, query, body: { value } })).secret;
    },
    tryCamera: (asked) => call(ask, 'POST /cameras/try', { query, body: asked }),
    setup: async () => (await call(ask, 'GET /setup', { query })).setup,
    async keepSetup(setup) {
      await patiently(() => call(ask, 'PUT /setup', { query, body: setup }));
    },
  };
}

/** Whether a problem is one of a server that is just starting again. */
export const isPassing = (problem: unknown): boolean =>
  problem instanceof ApiProblem && (problem.status === 0 || problem.status >= 502);
