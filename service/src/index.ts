export { lockFolder, type ReleaseFolder } from './folder-lock.ts';
export { replaceSecretFile } from './secret-file.ts';
