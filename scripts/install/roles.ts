import { type Part, partWorkspaces } from '../../cli/src/start/installed-parts.ts';
import type { Workspace } from '../workspaces.ts';

/** What may be installed. */
export type Role = 'gateway' | 'server' | 'all';

const partsOfRole: Readonly<Record<Role, readonly Part[]>> = {
  gateway: ['gateway'],
  server: ['server', 'enrolment'],
  all: ['server', 'enrolment', 'gateway', 'demo'],
};

/** The parts of a role. */
export const partsOf = (role: Role, withFlows: boolean): readonly Part[] => [
  ...partsOfRole[role],
  ...(withFlows ? (['flows'] as const) : []),
];

/** A package of others that one of ours needs. */
export interface Need {
  /** Folder of our package: where the search for it begins. */
  readonly from: string;
  readonly name: string;
}

/**
 * The packages of others that an installation with these parts needs: those of the parts, and of everything
 * of ours that belongs to no part.
 * @param workspaces ours that the command needs; what browsers load of them is built already and needs none
 */
export function needsOf(workspaces: readonly Workspace[], parts: readonly Part[]): readonly Need[] {
  const isOptional = (folder: string): boolean =>
    Object.values(partWorkspaces).some((folders) => folders.includes(folder));
  const isWanted = (folder: string): boolean =>
    !isOptional(folder) || parts.some((part) => partWorkspaces[part].includes(folder));
  return workspaces
    .filter(({ folder }) => isWanted(folder) && !folder.startsWith('dashboards/'))
    .flatMap(({ folder, dependencies }) =>
      dependencies.filter((name) => !name.startsWith('@watchpost/')).map((name) => ({ from: folder, name })),
    );
}
