import { pino } from 'pino';
import { demoFolder } from '../demo/demo-folder.ts';
import { errorLine } from '../error-line.ts';
import { openServerFolder } from '../server/open-server-folder.ts';
import { type DataFolder, takeDataFolder } from '../start/data-folder.ts';
import { requirePart } from '../start/installed-parts.ts';
import { dataFolderOf, readSettings, type Settings, serverSettings } from '../start/settings.ts';
import { type Announcement, startSite } from '../start/start-site.ts';
import { type Texts, textsFor } from '../texts.ts';

export interface StartCommandOptions {
  /** One JSON line on standard output instead of text for people. */
  readonly json: boolean;
}

/** `watchpost start`: runs the demo site until a signal comes. Gives the exit code. */
export async function startCommand({ json }: StartCommandOptions): Promise<number> {
  const texts = textsFor(process.env);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const logger = pino(
    { name: 'start', level: process.env.WATCHPOST_LOG_LEVEL ?? 'warn' },
    pino.destination(2),
  );
  const giveUp = new AbortController();
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        giveUp.abort();
        resolve();
      });
    }
  });
  let data: DataFolder | undefined;
  try {
    for (const part of ['server', 'gateway', 'demo'] as const) requirePart(part);
    data = takeDataFolder(dataFolderOf(process.env, process.cwd()));
    const folder = openServerFolder(demoFolder(data.path), { say, texts });
    const server = serverSettings(folder.server, folder.secrets);
    const settings = readSettings(process.env, process.cwd(), server);
    const site = await startSite({ data, folder, settings, texts, say, logger, signal: giveUp.signal });
    process.stdout.write(
      json
        ? `${JSON.stringify({ ready: true, ...site.announcement })}\n`
        : forPeople(site.announcement, settings, texts),
    );
    await stopped;
    say(texts.stopping);
    await site.stop();
    return 0;
  } catch (error) {
    data?.release();
    if (giveUp.signal.aborted) return 0;
    say(`${texts.error}: ${errorLine(error, texts)}`);
    return 2;
  }
}

function forPeople(
  { console: page, api, mqtt, flows, user, password }: Announcement,
  settings: Settings,
  texts: Texts,
): string {
  const rows: readonly (readonly [string, string])[] = [
    [texts.console, page],
    [texts.login, `${user} / ${password}`],
    [texts.api, api],
    ...(flows === undefined ? [] : [[texts.flows, flows] as const]),
    [settings.brokerUrl === undefined ? texts.mqtt : texts.externalMqtt, mqtt],
    [texts.store, settings.databaseUrl === undefined ? texts.embedded : texts.server],
    [texts.data, settings.dataFolder],
  ];
  return `\n${texts.running}\n\n${rows.map(([name, value]) => `  ${name}: ${value}\n`).join('')}\n${texts.stopHint}\n`;
}
