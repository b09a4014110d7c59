import { createReadStream, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import {
  type AuditCommand,
  type AuditPart,
  ChainCheck,
  type ChainPoint,
} from '@watchpost/alerting/governance';
import { auditEntrySchema } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { adminSocketOf, askLocally } from '@watchpost/service';
import { pino } from 'pino';
import { auditTexts } from '../audit-texts.ts';
import { newStoreTemplate, serverPlaces, storeFolder } from '../backup/server-places.ts';
import { takeDataFolder } from '../start/data-folder.ts';
import { chainPointOf } from './chain-point.ts';
import { type CommandIo, runCommand, terminal } from './command-io.ts';

export interface AuditOptions {
  readonly json: boolean;
  readonly lang?: string;
  /** A head that was noted: `POSITION:HASH`. */
  readonly head?: string;
}

type Source = (take: (part: AuditPart) => boolean) => Promise<void>;

/**
 * `watchpost audit verify PLACE`: follows the chain of a server, which may run, or of an exported file.
 * @returns 0 whole, 1 broken, 2 it could not be read
 */
export function verifyAuditCommand(place: string, options: AuditOptions, io: CommandIo = terminal) {
  return runCommand(io, options.lang, async ({ chinese }) => {
    const noted = options.head === undefined ? undefined : chainPointOf(options.head);
    let check: ChainCheck | undefined;
    let anchor: ChainPoint | undefined;
    const source = statSync(place, { throwIfNoEntry: false })?.isFile()
      ? exportedFile(place)
      : serverLog(place, io, false);
    await source((part) => {
      anchor ??= part.anchor;
      check ??= new ChainCheck(part.anchor, noted);
      return part.entries.every((entry) => check?.take(entry));
    });
    const followed = check ?? new ChainCheck(anchor, noted);
    const fault = followed.end();
    const { head, entries } = followed;
    const texts = auditTexts(chinese);
    if (options.json)
      io.out(`${JSON.stringify({ whole: !fault, entries, anchor, head, ...(fault ? { fault } : {}) })}\n`);
    else if (fault) io.out(`${texts.broken} ${fault.position}: ${texts.faults[fault.fault]}\n`);
    else {
      io.out(`${texts.whole}: ${entries} ${texts.entries}, ${texts.from} ${(anchor?.position ?? 0) + 1}\n`);
      io.out(`${texts.head}: ${head.position}:${head.hash}\n`);
    }
    return fault ? 1 : 0;
  });
}

/**
 * `watchpost audit export FOLDER`: the log as lines of JSON on standard output, the first says what stands
 * before it.
 */
export function exportAuditCommand(folder: string, options: AuditOptions, io: CommandIo = terminal) {
  return runCommand(io, options.lang, async ({ chinese }) => {
    let written = 0;
    let begun = false;
    await serverLog(
      folder,
      io,
      true,
    )(({ anchor, entries }) => {
      if (!begun) io.out(`${JSON.stringify({ anchor })}\n`);
      begun = true;
      for (const entry of entries) io.out(`${JSON.stringify(entry)}\n`);
      written += entries.length;
      return true;
    });
    io.err(`${written} ${auditTexts(chinese).exported}\n`);
    return 0;
  });
}

/** The log of a server: asked of the one that runs, else read from its database. */
function serverLog(folder: string, io: CommandIo, note: boolean): Source {
  return async (take) => {
    const nowMs = () => Date.now();
    const places = serverPlaces(folder, io.environment, nowMs());
    const socket = adminSocketOf(places.data);
    const first: AuditCommand = { command: 'audit', after: 0, note };
    const running = await askLocally(socket, first);
    if (running)
      return readAll(running.value as AuditPart, take, async (command) => {
        const answer = await askLocally(socket, command);
        if (!answer) throw new WatchpostError('store.unreachable');
        return answer.value as AuditPart;
      });
    const { onAuditStore } = await import('@watchpost/alerting/governance');
    const around = { logger: pino({ level: 'silent' }), nowMs };
    const { databaseUrl } = places;
    const read = (ask: (command: AuditCommand) => Promise<AuditPart>) =>
      ask(first).then((part) => readAll(part, take, ask));
    if (databaseUrl !== undefined) return onAuditStore({ kind: 'server', url: databaseUrl }, around, read);
    const data = takeDataFolder(places.data);
    try {
      const template = await newStoreTemplate();
      const store = { kind: 'embedded' as const, folder: storeFolder(places.data) };
      return await onAuditStore({ ...store, ...(template ? { template } : {}) }, around, read);
    } finally {
      data.release();
    }
  };
}

async function readAll(
  first: AuditPart,
  take: (part: AuditPart) => boolean,
  ask: (command: AuditCommand) => Promise<AuditPart>,
): Promise<void> {
  for (let part = first; take(part); ) {
    const last = part.entries.at(-1);
    if (!last) return;
    part = await ask({ command: 'audit', after: last.position, note: false });
  }
}

/** What `audit export` wrote. @throws WatchpostError `chain.unreadable` with the line */
function exportedFile(path: string): Source {
  return async (take) => {
    let number = 0;
    let anchor: ChainPoint | undefined;
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      number += 1;
      const value = jsonOf(line, number);
      if (!anchor) {
        anchor = anchorIn(value, number);
        if (!take({ anchor, entries: [] })) return;
        continue;
      }
      const entry = auditEntrySchema.safeParse(value);
      if (!entry.success) throw unreadable(number);
      if (!take({ anchor, entries: [entry.data] })) return;
    }
    if (!anchor) throw unreadable(1);
  };
}

const unreadable = (line: number) => new WatchpostError('chain.unreadable', { path: `/${line}` });

function jsonOf(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw unreadable(number);
  }
}

function anchorIn(value: unknown, line: number): ChainPoint {
  const { anchor } = (value ?? {}) as { readonly anchor?: Partial<ChainPoint> };
  if (typeof anchor?.position !== 'number' || typeof anchor.hash !== 'string') throw unreadable(line);
  return { position: anchor.position, hash: anchor.hash };
}
