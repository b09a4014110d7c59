import manifest from '../package.json' with { type: 'json' };

/** Version of Watchpost, as archives say which one wrote them. */
export const watchpostVersion: string = manifest.version;
