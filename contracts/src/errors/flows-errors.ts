import { type ErrorEntry, entry } from './error-entry.ts';

/** Of the process that runs Node-RED. */
export const flowsErrors = {
  'config.unconfined': entry(
    500,
    'Node-RED was started without its confinement: whoever edits flows could read this computer.',
    'Start it with `watchpost start`, or give Node the options that `@watchpost/flows/confinement` names.',
  ),
} as const satisfies Record<string, ErrorEntry>;
