import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listedMembers } from '@watchpost/demo/cast';
import { z } from 'zod';

/** The entry of each person, and whether it was brought to its end: from then on it is its owner’s. */
const progressSchema = z.record(z.string(), z.strictObject({ entry: z.string(), isDone: z.boolean() }));

/** Where that is noted. */
export const peopleFile = (dataFolder: string): string => join(dataFolder, 'demo', 'people.json');

/** How far the people of the demo have come on their lists, by the id of the cast. */
export type ListingProgress = z.infer<typeof progressSchema>;

/** What earlier starts noted. A damaged file says nothing: they come in again, shown as look-alikes. */
export function readProgress(path: string): ListingProgress {
  if (!existsSync(path)) return {};
  try {
    return progressSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return {};
  }
}

/** Whether nothing is left to do: what happened to an entry since is its owner’s. */
export function isEverybodyListed(path: string): boolean {
  const progress = readProgress(path);
  return listedMembers.every(({ id }) => progress[id]?.isDone === true);
}
