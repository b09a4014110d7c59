import { describe, expect, it } from 'vitest';
import { heatMapSchema } from '../api/index.ts';
import { jsonSchemas } from '../generate/json-schemas.ts';

const propertyNames = (schema: unknown): string[] => {
  if (Array.isArray(schema)) return schema.flatMap(propertyNames);
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => [
    ...(key === 'properties' && typeof value === 'object' && value !== null ? Object.keys(value) : []),
    ...propertyNames(value),
  ]);
};
const words = (name: string): string[] => name.split(/[^A-Za-z]|(?=[A-Z])/).map((word) => word.toLowerCase());

describe('privacy rules in the schemas', () => {
  const all = Object.entries(jsonSchemas());
  it.each(all)('%s has no field for a person’s risk, traits or looks (rule 12)', (_name, schema) => {
    const banned = [
      'person',
      'age',
      'gender',
      'sex',
      'emotion',
      'mood',
      'ethnicity',
      'race',
      'suspicion',
      'dangerous',
    ];
    for (const name of propertyNames(schema))
      expect(
        words(name).filter((word) => banned.includes(word)),
        name,
      ).toEqual([]);
  });
  it.each(all)('%s carries no template and no image (rule 5)', (_name, schema) => {
    const banned = [
      'template',
      'embedding',
      'image',
      'crop',
      'frame',
      'photo',
      'picture',
      'thumbnail',
      'vector',
    ];
    for (const name of propertyNames(schema))
      expect(
        words(name).filter((word) => banned.includes(word)),
        name,
      ).toEqual([]);
  });
  it('the check sees names at every depth, so it can fail', () => {
    const names = propertyNames(jsonSchemas()['event.watchpost.face.candidate.v1']);
    expect(names).toEqual(expect.arrayContaining(['data', 'cosine', 'votes', 'digest']));
    expect(words('personRisk')).toContain('person');
  });
  it('the heat map has no field that names a list entry', () => {
    expect(Object.keys(heatMapSchema.shape.cells.element.shape)).toEqual([
      'cell',
      'outline',
      'expectedPerDay',
      'intensity',
      'weight',
    ]);
  });
});
