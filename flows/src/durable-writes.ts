import fs from 'node:fs';

/**
 * Under Node’s permission model a file is not synchronised by its number (`fs.fsync` is refused), only by its
 * `FileHandle`. Node-RED writes a draft called `….$$$`, calls `fs.fsync` and renames it: here the draft is
 * synchronised when it is renamed, so that flows survive a power cut as before. Import it before Node-RED,
 * which keeps its own copy of these functions.
 */
const rename = fs.rename;

async function synchronise(path: fs.PathLike): Promise<void> {
  const file = await fs.promises.open(path, 'r+');
  await file.sync().finally(() => file.close());
}

fs.fsync = Object.assign((_file: number, done: fs.NoParamCallback) => setImmediate(done, null), {
  __promisify__: fs.fsync.__promisify__,
});
fs.rename = Object.assign(
  (from: fs.PathLike, to: fs.PathLike, done: fs.NoParamCallback) => {
    const isDraft = String(from).endsWith('.$$$');
    (isDraft ? synchronise(from) : Promise.resolve()).then(() => rename(from, to, done), done);
  },
  { __promisify__: rename.__promisify__ },
);
