import type { NodeRed } from 'node-red';
import type { Logger } from 'pino';

interface NodeRedLine {
  readonly level: number;
  readonly msg?: unknown;
  readonly type?: string;
  readonly id?: string;
  readonly event?: string;
}

/** Node-RED’s levels (`@node-red/util` log.js). */
const level = { fatal: 10, error: 20, warn: 30, audit: 98 } as const;

/** Audit events that change what runs. */
const changes = /^(flows?\.(set|add|update|remove)|nodes\.)/;

/** Warnings of every first start that ask nobody to do anything, by their key in Node-RED’s catalogue. */
const harmless = ['storage.localfilesystem.projects.disabled', 'nodes.credentials.encryptedNotFound'];

/**
 * Node-RED’s log lines as ours: a constant message, its text cut short as a field; only warnings and changes
 * of flows.
 */
export function nodeRedLogging(log: Logger, nodeRed: Pick<NodeRed, 'log'>): object {
  const handler = () => (line: NodeRedLine) => {
    if (line.level === level.audit) {
      if (line.event && changes.test(line.event)) log.info({ event: line.event }, 'flows changed');
      return;
    }
    const text = line.msg instanceof Error ? line.msg.message : String(line.msg);
    if (harmless.some((key) => text === nodeRed.log._(key))) return;
    const fields = {
      text: text.slice(0, 300),
      ...(line.type ? { nodeType: line.type } : {}),
      ...(line.id ? { node: line.id } : {}),
    };
    if (line.level <= level.error) log.error(fields, 'node-red reports an error');
    else log.warn(fields, 'node-red warns');
  };
  return { console: { level: 'warn', metrics: false, audit: true, handler } };
}
