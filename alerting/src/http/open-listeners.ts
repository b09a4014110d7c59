import type { AlertingOptions } from '../config.ts';
import type { Teardown } from '../teardown.ts';
import { listen } from './listen.ts';
import { ServedCertificate } from './served-certificate.ts';
import { buildServers, type ServerOptions } from './server.ts';

/** Ports that are listened on. */
export interface Ports {
  readonly console: number;
  readonly flows: number | undefined;
}

/** Listens for the console and API, and for Node-RED where there is one. */
export async function openListeners(
  { http, consoleFolder, flows }: AlertingOptions,
  parts: Omit<ServerOptions, 'limits' | 'consoleFolder' | 'flows' | 'scrapeToken' | 'certificate'>,
  teardown: Teardown,
): Promise<Ports> {
  const { limits, scrapeToken, host, port } = http;
  const certificate = http.tls && (await ServedCertificate.open(http.tls, parts));
  certificate?.start();
  teardown.add(async () => certificate?.stop());
  const probes = { ...parts.probes, ...(certificate ? { certificate: () => certificate.health() } : {}) };
  const own = { limits, scrapeToken, consoleFolder, flows, certificate, probes };
  const servers = await buildServers({ ...parts, ...own });
  teardown.add(() => servers.console.close());
  const consolePort = await listen(servers.console, host, port, '/http/port');
  const flowsApp = servers.flows;
  if (!flowsApp) return { console: consolePort, flows: undefined };
  teardown.add(() => flowsApp.close());
  return { console: consolePort, flows: await listen(flowsApp, host, flows?.port ?? 0, '/flows/port') };
}
