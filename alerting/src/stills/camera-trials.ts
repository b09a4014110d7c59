import type { CameraTrial, CameraTrialRequest } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { SiteId } from '@watchpost/contracts/wire';
import { auditedChange } from '../governance/audited-change.ts';
import { actorOf, type Person } from '../governance/person.ts';
import type { SiteEditor } from '../site-editing/site-editor.ts';
import type { Queryable } from '../store/schema.ts';
import type { StillSource } from './still-source.ts';

/** What {@link CameraTrials} needs. */
export interface CameraTrialsOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  /** Absent where there is no way to a gateway. */
  readonly source: StillSource | undefined;
  /** Absent where nobody owns the files: then only what is typed can be tried. */
  readonly editor: SiteEditor | undefined;
}

/** A camera is tried by its gateway before it is written into the site file. */
export class CameraTrials {
  readonly #options: CameraTrialsOptions;

  constructor(options: CameraTrialsOptions) {
    this.#options = options;
  }

  /**
   * That it is tried is in the audit log before, without the password and with the host alone.
   * @throws WatchpostError `site.secret_of_others`, and as {@link StillSource.probe}
   */
  async run(
    person: Person,
    site: SiteId,
    { gateway, connect, password }: CameraTrialRequest,
  ): Promise<CameraTrial> {
    const { source, editor } = this.#options;
    if (!source) throw new WatchpostError('still.away');
    const named = [
      ...(password === undefined && connect.password ? [connect.password.secret] : []),
      ...(connect.tls?.ca ? [connect.tls.ca.secret] : []),
    ];
    const known = named.length === 0 ? [] : ((await editor?.read(site))?.secrets ?? []);
    const foreign = named.find((name) => !known.some((own) => own === name));
    if (foreign !== undefined)
      throw new WatchpostError('site.secret_of_others', { path: '/connect', details: { found: foreign } });
    const host = URL.canParse(connect.url) ? new URL(connect.url).host : '';
    const { error } = await auditedChange(this.#options, {
      entries: [
        {
          ...{ actor: actorOf(person), site, action: 'camera_tried', reason: null },
          ...{ subject: { kind: 'gateway', id: gateway }, details: { host: host.slice(0, 200) } },
        },
      ],
      work: () =>
        source.probe({ site, gateway, probe: { connect, ...(password === undefined ? {} : { password }) } }),
      learnt: ({ error }) => ({ error }),
    });
    return { error };
  }
}
