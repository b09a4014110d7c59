import { pino } from 'pino';
import { errorLine } from '../error-line.ts';
import { fileFault } from '../file-fault.ts';
import type { ServerFolder } from '../server/open-server-folder.ts';
import type { Announcement } from '../start/announcement.ts';
import type { DataFolder } from '../start/data-folder.ts';
import type { Settings } from '../start/settings.ts';
import { startServer } from '../start/start-server.ts';
import { type Texts, textsFor } from '../texts.ts';
import { textsOf } from './command-io.ts';

/** What is run. */
export interface ServerToRun {
  readonly data: DataFolder;
  readonly folder: ServerFolder;
  readonly settings: Settings;
  readonly isDemo: boolean;
}

export interface RunOptions {
  /** One JSON line on standard output instead of text for people. */
  readonly json: boolean;
  readonly lang?: string | undefined;
}

/** What opens a server folder is told, and what it takes. */
export interface Opening {
  readonly say: (line: string) => void;
  readonly texts: Texts;
  /** Given back if the start fails. */
  readonly take: (data: DataFolder) => DataFolder;
}

/**
 * Runs a server until a signal comes. Gives the exit code: 0 after a signal, 2 when it cannot start, with one
 * line on standard error and nothing left running.
 */
export async function runUntilStopped(
  { json, lang }: RunOptions,
  open: (opening: Opening) => ServerToRun,
): Promise<number> {
  let texts = textsFor(process.env);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const logger = pino(
    { name: 'start', level: process.env.WATCHPOST_LOG_LEVEL ?? 'warn' },
    pino.destination(2),
  );
  const giveUp = new AbortController();
  let apply = (): void => undefined;
  const stopped = new Promise<void>((resolve) => {
    const stop = (): void => {
      giveUp.abort();
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    // In a terminal it says that the terminal was closed; elsewhere, to put the files into force.
    const inTerminal = process.stdin.isTTY === true;
    process.on('SIGHUP', () => (inTerminal ? stop() : apply()));
  });

  let taken: DataFolder | undefined;
  const take = (data: DataFolder): DataFolder => {
    taken = data;
    return data;
  };
  try {
    texts = textsOf(process.env, lang);
    const server = open({ say, texts, take });
    const running = await startServer({ ...server, texts, say, logger, signal: giveUp.signal });
    apply = () => running.apply();
    process.stdout.write(
      json
        ? `${JSON.stringify({ ready: true, ...running.announcement })}\n`
        : forPeople(running.announcement, server, texts),
    );
    await stopped;
    say(texts.stopping);
    await running.stop();
    return 0;
  } catch (error) {
    taken?.release();
    if (giveUp.signal.aborted) return 0;
    say(`${texts.error}: ${errorLine(fileFault(error) ?? error, texts)}`);
    return 2;
  }
}

function forPeople(found: Announcement, { settings, isDemo, folder }: ServerToRun, texts: Texts): string {
  const { console: page, api, mqtt, gateways, door, flows, welcome, user, password } = found;
  const ownMqtt = isDemo ? texts.mqtt : texts.localMqtt;
  const rows: readonly (readonly [string, string | undefined])[] = [
    [texts.console, page],
    [texts.welcome, welcome],
    [texts.login, user === undefined ? undefined : `${user} / ${password}`],
    [texts.api, api],
    [texts.flows, flows],
    [settings.brokerUrl === undefined ? ownMqtt : texts.externalMqtt, mqtt],
    [texts.gateways, gateways],
    [texts.door, door],
    [texts.store, settings.databaseUrl === undefined ? texts.embedded : texts.server],
    [texts.data, settings.dataFolder],
  ];
  const shown = rows.map(([name, value]) => (value === undefined ? '' : `  ${name}: ${value}\n`));
  const title = isDemo ? texts.running : `${texts.runningServer}: ${folder.path}`;
  return `\n${title}\n\n${shown.join('')}\n${texts.stopHint}\n`;
}
