import { resolve } from 'node:path';

/** Something that a traced program did and should not have. */
export interface Finding {
  readonly what: 'connection' | 'name question' | 'file';
  /** Address or path. */
  readonly where: string;
  /** The line of the trace. */
  readonly line: string;
}

const internet = /sa_family=AF_INET6?\b/;
const ipv4 = /inet_addr\("([^"]+)"\)/;
const ipv6 = /inet_pton\(AF_INET6, "([^"]+)"/;
const port = /sin6?_port=htons\((\d+)\)/;
const loopback = /^(127\.|::1$|::ffff:127\.)/;
const nameServerPort = '53';

const makes =
  /^\d+ +(open|openat|openat2|creat|mkdir|mkdirat|mknod|mknodat|rename|renameat|renameat2|link|linkat|symlink|symlinkat|truncate)\(/;
const opens = /^\d+ +(open|openat|openat2)\(/;
const writes = /O_WRONLY|O_RDWR|O_CREAT/;
/** `AT_FDCWD</folder>, "name"` or a bare `"name"`; strace's -y names the folder of every descriptor. */
const named = /(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"/g;

/**
 * Everything in a trace that left the computer, asked for a name, or made or opened for writing a file that
 * is not allowed.
 */
export function findingsOf(trace: string, isAllowed: (path: string) => boolean): readonly Finding[] {
  return trace.split('\n').flatMap((line) => [...talk(line), ...files(line, isAllowed)]);
}

function talk(line: string): Finding[] {
  if (!internet.test(line)) return [];
  const where = ipv4.exec(line)?.[1] ?? ipv6.exec(line)?.[1] ?? 'unknown';
  if (port.exec(line)?.[1] === nameServerPort) return [{ what: 'name question', where, line }];
  return loopback.test(where) ? [] : [{ what: 'connection', where, line }];
}

function files(line: string, isAllowed: (path: string) => boolean): Finding[] {
  if (!makes.test(line) || (opens.test(line) && !writes.test(line)) || / = -1 /.test(line)) return [];
  return [...line.matchAll(named)]
    .map(([, folder = '/', name = '']) => resolve(folder, unescapeName(name)))
    .filter((path) => !isAllowed(path))
    .map((where) => ({ what: 'file', where, line }));
}

/** strace writes what is not printable ASCII as octal bytes. */
function unescapeName(name: string): string {
  const bytes = name.replace(/\\([0-7]{1,3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
