import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One of our packages. */
export interface Workspace {
  /** From the root of the repository, with `/`. */
  readonly folder: string;
  readonly name: string;
  /** Names of what it needs when it runs: ours, and of others. */
  readonly dependencies: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly workspaces?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
}

const manifestAt = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

/** Our packages, as the `package.json` of the repository at `root` lists them. */
export function readWorkspaces(root: string): readonly Workspace[] {
  return (manifestAt(root).workspaces ?? []).map((folder) => {
    const { name, dependencies = {} } = manifestAt(join(root, folder));
    return { folder, name, dependencies: Object.keys(dependencies) };
  });
}

/** The packages in the given folders and every package of ours that they need, in the order of the list. */
export function withTheirNeeds(
  workspaces: readonly Workspace[],
  folders: readonly string[],
): readonly Workspace[] {
  const needed = new Set<Workspace>();
  const add = (workspace: Workspace): void => {
    if (needed.has(workspace)) return;
    needed.add(workspace);
    for (const other of workspaces) if (workspace.dependencies.includes(other.name)) add(other);
  };
  for (const workspace of workspaces) if (folders.includes(workspace.folder)) add(workspace);
  return workspaces.filter((workspace) => needed.has(workspace));
}
