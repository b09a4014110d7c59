import type { z } from 'zod';

/** The parts of zod’s own descriptions that are followed here. */
interface Described {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly discriminator?: string;
}

const describe = (schema: z.ZodType): Described => schema.def as unknown as Described;

/**
 * The names that a schema has at a path, so that somebody who mistyped one can be told. Where the schema is a
 * choice, the value decides which one is meant; where it does not, all count.
 */
export function knownKeys(schema: z.ZodType, path: readonly PropertyKey[], value: unknown): string[] {
  const { type, shape, element, innerType, valueType, in: first, options, discriminator } = describe(schema);
  if (innerType) return knownKeys(innerType, path, value);
  if (first) return knownKeys(first, path, value);
  if (options) {
    const chosen = options.filter((option) => isChosen(option, discriminator, value));
    return [
      ...new Set((chosen.length > 0 ? chosen : options).flatMap((each) => knownKeys(each, path, value))),
    ];
  }
  const [part, ...rest] = path;
  if (part === undefined) return type === 'object' && shape ? Object.keys(shape) : [];
  const inside = shape ? shape[String(part)] : (element ?? valueType);
  const below = typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined;
  return inside ? knownKeys(inside, rest, below) : [];
}

/** Whether a choice is the one that the value names. */
function isChosen(option: z.ZodType, discriminator: string | undefined, value: unknown): boolean {
  if (discriminator === undefined || typeof value !== 'object' || value === null) return false;
  const { shape, options } = describe(option);
  if (options) return options.some((inner) => isChosen(inner, discriminator, value));
  return shape?.[discriminator]?.safeParse(Reflect.get(value, discriminator)).success ?? false;
}
