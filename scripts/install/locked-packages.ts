import type { Need } from './roles.ts';

/** What the lock file says of one place in `node_modules`. */
export interface LockedPackage {
  readonly version?: string;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** The places of a lock file: `node_modules/a`, `node_modules/a/node_modules/b` … */
export type LockedPackages = Readonly<Record<string, LockedPackage>>;

/** A name that a package asks for, and whether it can do without. */
interface Wish {
  readonly name: string;
  readonly optional: boolean;
}

/**
 * Where Node finds `name` from `from`: in the nearest `node_modules` on the way up. Undefined when the lock
 * file has it nowhere.
 */
function placeOf(locked: LockedPackages, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    if (!folder.endsWith('node_modules')) {
      const place = `${folder}${folder === '' ? '' : '/'}node_modules/${name}`;
      if (Object.hasOwn(locked, place)) return place;
    }
    if (folder === '') return undefined;
  }
}

function wishesOf(locked: LockedPackage): readonly Wish[] {
  const {
    dependencies = {},
    optionalDependencies = {},
    peerDependencies = {},
    peerDependenciesMeta,
  } = locked;
  const optional = Object.keys(optionalDependencies);
  return [
    ...Object.keys(dependencies)
      .filter((name) => !optional.includes(name))
      .map((name) => ({ name, optional: false })),
    ...optional.map((name) => ({ name, optional: true })),
    ...Object.keys(peerDependencies)
      .filter((name) => peerDependenciesMeta?.[name]?.optional !== true)
      .map((name) => ({ name, optional: false })),
  ];
}

/**
 * Every place in `node_modules` that the needs lead to, with what those packages need in turn.
 * @param isInstalled whether a place is there: of packages for one platform only its own is
 * @param isData whether only files are taken of a package: what its code needs is not followed
 * @throws Error naming the first package that is needed and not there
 */
export function neededPlaces(
  locked: LockedPackages,
  needs: readonly Need[],
  isInstalled: (place: string) => boolean,
  isData: (name: string) => boolean,
): readonly string[] {
  let places = new Set<string>();
  const follow = (from: string, { name, optional }: Wish): void => {
    const before = new Set(places);
    try {
      followOne(from, name);
    } catch (error) {
      if (!optional) throw error;
      // Of another platform, or it lacks something itself: whoever wants it does without.
      places = before;
    }
  };
  const followOne = (from: string, name: string): void => {
    const place = placeOf(locked, from, name);
    const found = place === undefined ? undefined : locked[place];
    if (place === undefined || found === undefined)
      throw new Error(`${name}, which ${from} needs, is not locked`);
    // What an override points at an empty folder is wanted by nobody.
    if (places.has(place) || found.link === true) return;
    if (!isInstalled(place)) throw new Error(`${place}, which ${from} needs, is not there`);
    places.add(place);
    if (!isData(name)) for (const wish of wishesOf(found)) follow(place, wish);
  };
  for (const { from, name } of needs) follow(from, { name, optional: false });
  return [...places].sort();
}
