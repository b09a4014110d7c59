import { join } from 'node:path';
import { asyncApi } from './asyncapi.ts';
import { errorReference } from './error-reference.ts';
import { jsonSchemas } from './json-schemas.ts';
import { topicReference } from './topic-reference.ts';

/** Every generated file of the contracts: path from the repository’s root → content. */
export function artifacts(): ReadonlyMap<string, string> {
  return new Map([
    [join('contracts', 'generated', 'asyncapi.yaml'), asyncApi()],
    [join('docs', 'reference', 'errors.md'), errorReference()],
    [join('docs', 'reference', 'topics.md'), topicReference()],
    ...Object.entries(jsonSchemas()).map(
      ([name, schema]) =>
        [
          join('contracts', 'generated', 'schemas', `${name}.json`),
          `${JSON.stringify(schema, null, 2)}\n`,
        ] as const,
    ),
  ]);
}
