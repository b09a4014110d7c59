/** The platform that an installation is for. */
export interface Platform {
  /** As `process.platform` says. */
  readonly os: string;
  /** As `process.arch` says. */
  readonly cpu: string;
  /** The C library of Linux; undefined elsewhere. */
  readonly libc: 'glibc' | 'musl' | undefined;
}

/** The platform that this process runs on. */
export function thisPlatform(): Platform {
  const { header } = process.report.getReport() as { readonly header: { glibcVersionRuntime?: string } };
  const libc = header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
  return { os: process.platform, cpu: process.arch, libc: process.platform === 'linux' ? libc : undefined };
}

const systems = 'linux|linuxmusl|darwin|win32|android|freebsd|openbsd|sunos|aix';
const processors = 'x64|arm64|arm|ia32|ppc64|s390x|riscv64|loong64|armv6|armv7';
const systemFolder = new RegExp(`^(?:${systems})$`);
/** `linux-x64`, `name-linux-x64-musl`, `darwin-x64+arm64`, as packages call folders of binaries. */
const platformFolder = new RegExp(
  `^(?:.*-)?(${systems})-((?:${processors})(?:\\+(?:${processors}))*)(?:[-.](musl|glibc|gnu|msvc|mingw))?$`,
);

/** Whether a folder on the way to a file holds binaries of another platform. */
function isOfAnother(folders: readonly string[], { os, cpu, libc }: Platform): boolean {
  return folders.some((folder, index) => {
    const named = platformFolder.exec(folder);
    if (named) {
      const [, system = '', cpus = '', library] = named;
      const musl = library === 'musl' || system === 'linuxmusl';
      const isOurs = system.replace('musl', '') === os && cpus.split('+').includes(cpu);
      return !isOurs || (libc !== undefined && musl !== (libc === 'musl'));
    }
    // `linux/x64`: a folder in a folder.
    if (!systemFolder.test(folder)) return false;
    const inside = folders[index + 1] ?? '';
    return new RegExp(`^(?:${processors})$`).test(inside) && (folder !== os || inside !== cpu);
  });
}

const licence = /^(?:licen[cs]es?|copying|notice|copyright|patents|authors|third[-_ ]?party)/i;
/** Whether a file says under which terms a package may be used: those are always kept. */
export const isLicence = (path: string): boolean => licence.test(path.slice(path.lastIndexOf('/') + 1));

/** Folders of a package that its code never needs. */
const besideCode = /^(?:tests?|__tests__|docs?|examples?|benchmarks?|coverage|\.github|\.vscode)$/;
/** For debuggers, type checkers and compilers, and to read. */
const notRun = /\.(?:map|tsx?|mts|cts|flow|md|markdown|tsbuildinfo|c|cc|cpp|h|hpp|gyp|gypi|a|lib|pdb)$/i;

/** Of these packages the files that match are used, and no code. */
const dataOf: Readonly<Record<string, RegExp>> = {
  // Models by their manifests; those of age, gender and expression are not even there.
  'faceplugin-face-recognition-js': /^model\/fr_(?:detect|landmark|feature|liveness)\.onnx$/,
  // Photos of the demo.
  '@vladmandic/face-api': /^demo\/sample\d+\.jpg$/,
  // Days off and days that make up for them, without the calendars of the moon.
  'chinese-days': /^dist\/chinese-days\.json$/,
};
/** Whether only files are used of a package. */
export const isDataPackage = (name: string): boolean => Object.hasOwn(dataOf, name);

/**
 * Which files of a package an installation gets: what its code may load on one platform, its manifest and the
 * terms of its licence, which some packages have in their README only. Its editor sends sources, types and
 * help of Node-RED to browsers, so that is kept whole.
 * @param paths from the folder of the package, with `/`
 */
export function wantedFiles(name: string, paths: readonly string[], platform: Platform): readonly string[] {
  const hasLicence = paths.some(isLicence);
  const isTerms = (path: string): boolean => isLicence(path) || (!hasLicence && /^readme\b/i.test(path));
  const data = dataOf[name];
  const isPart = data
    ? (path: string) => data.test(path)
    : /^(?:node-red$|@node-red\/)/.test(name)
      ? (path: string) => !path.endsWith('.map')
      : (path: string) => !notRun.test(path) && !besideCode.test(path.split('/', 1)[0] ?? '');
  return paths.filter(
    (path) =>
      path === 'package.json' ||
      isTerms(path) ||
      (isPart(path) && !isOfAnother(path.split('/').slice(0, -1), platform)),
  );
}
