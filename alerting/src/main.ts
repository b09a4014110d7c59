import { composeAlerting } from './compose-alerting.ts';
import type { AlertingOptions } from './config.ts';
import type { BrokenFile } from './health/broken-files.ts';
import { Teardown } from './teardown.ts';

/**
 * Starts alerting: store, ingest, HTTP. The broker may be away; the service comes up, says so on its health
 * page and connects when it can.
 * @throws WatchpostError `config.data_folder`, `config.port_taken`, `config.invalid`, `store.unreachable` or
 * `store.migration`; nothing is left running then.
 */
export async function startAlerting(options: AlertingOptions): Promise<AlertingService> {
  const teardown = new Teardown();
  try {
    const ports = await composeAlerting(options, () => Date.now(), teardown);
    const host = options.http.host.includes(':') ? `[${options.http.host}]` : options.http.host;
    const scheme = options.http.tls ? 'https' : 'http';
    return {
      address: `${scheme}://${host}:${ports.console}`,
      port: ports.console,
      ...(ports.firstLink === undefined ? {} : { firstLink: ports.firstLink }),
      ...(ports.flows === undefined ? {} : { flowsAddress: `${scheme}://${host}:${ports.flows}` }),
      takeBrokenFiles: ports.takeBrokenFiles,
      stop: () => teardown.run(),
    };
  } catch (error) {
    await teardown.run().catch(() => undefined);
    throw error;
  }
}

/** The running service. */
export interface AlertingService {
  /** The API and the console, without a slash at the end. */
  readonly address: string;
  readonly port: number;
  /** The secret of a link for the first administrator, while there is none. */
  readonly firstLink?: string;
  /** Node-RED’s proxy, without a slash at the end. */
  readonly flowsAddress?: string;
  /**
   * Takes which files of the server folder have mistakes now: all of them, each time. What stays broken opens
   * an alert after the site’s limit, on each site that the file concerns.
   */
  takeBrokenFiles(files: readonly BrokenFile[]): void;
  /** Stops everything; a commit in flight ends first. Harmless the second time. */
  stop(): Promise<void>;
}
