import { registerHooks } from 'node:module';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';

// Vitest 5 imports packages by their path as it is. Node reads that as a URL, and a lone per cent sign in it
// makes it none. `require` takes paths.
registerHooks({
  resolve: (specifier, context, next) => {
    const isImport = context.conditions?.includes('import') ?? false;
    return next(isImport && isAbsolute(specifier) ? pathToFileURL(specifier).href : specifier, context);
  },
});
