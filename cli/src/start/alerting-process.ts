import {
  type AlertingOptions,
  type AlertingService,
  type BrokenFile,
  EnrolmentSocket,
  type EnrolmentSocketOptions,
  SiteEditorSocket,
  StillSocket,
  startAlerting,
} from '@watchpost/alerting';
import type { ComponentHealth } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { runService } from '@watchpost/service';

type AlertingConfig = Omit<AlertingOptions, 'probes' | 'logger'> & {
  readonly services: readonly string[];
  readonly enrolment: EnrolmentSocketOptions;
  /** Socket file of the process that owns the site files; absent: they are edited elsewhere. */
  readonly siteFiles?: string;
  /** Socket file of the process at the gateway door; absent: there is none. */
  readonly stills?: string;
};

// Alerting as a process of its own: the supervisor tells it how the other services are and which files of the
// server folder are broken.
const health = new Map<string, ComponentHealth>();
let siteFiles: ComponentHealth = { status: 'ok' };
let restart: ComponentHealth = { status: 'ok' };
let brokenFiles: readonly BrokenFile[] | undefined;
let alerting: AlertingService | undefined;
process.on('message', (message) => {
  if (typeof message !== 'object' || message === null) return;
  if ('siteFiles' in message) siteFiles = message.siteFiles as ComponentHealth;
  if ('restart' in message) restart = message.restart as ComponentHealth;
  if ('brokenFiles' in message) {
    brokenFiles = message.brokenFiles as readonly BrokenFile[];
    alerting?.takeBrokenFiles(brokenFiles);
  }
  if (!('health' in message)) return;
  for (const [name, told] of Object.entries(message.health as Record<string, ComponentHealth>)) {
    if (name !== 'alerting') health.set(name, told);
  }
});

const probe = (name: string) => (): ComponentHealth => health.get(name) ?? { status: 'degraded' };

/** The file is written by `watchpost start`; the site in it is parsed by alerting itself. */
function parseConfig(value: unknown): AlertingConfig {
  if (typeof value !== 'object' || value === null || !('services' in value) || !Array.isArray(value.services))
    throw new WatchpostError('config.invalid', { path: '/services' });
  return value as AlertingConfig;
}

await runService({
  name: 'alerting',
  parse: parseConfig,
  start: async ({ services, enrolment, siteFiles: editor, stills, ...options }, logger) => {
    // No process yet: it is started with the first photo.
    const enroller = new EnrolmentSocket(enrolment, logger);
    const parts = {
      ...options,
      enroller,
      ...(editor === undefined ? {} : { siteEditor: new SiteEditorSocket(editor) }),
      ...(stills === undefined ? {} : { stills: new StillSocket(stills) }),
      probes: {
        ...Object.fromEntries(services.map((name) => [name, probe(name)])),
        siteFiles: () => siteFiles,
        restart: () => restart,
      },
      logger,
    };
    const started = await startAlerting(parts);
    alerting = started;
    if (brokenFiles) started.takeBrokenFiles(brokenFiles);
    return { ...started, stop: () => started.stop().finally(() => enroller.stop()) };
  },
  announce: ({ port, firstLink }) => ({ port, ...(firstLink === undefined ? {} : { firstLink }) }),
});
