import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { generatedFiles } from './generated-files.ts';

const folder = new URL('../generated/', import.meta.url);

describe('generated Grafana files', () => {
  const files = generatedFiles();

  it('are what generate.ts writes, with nothing left over', async () => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const found = entries.filter((entry) => entry.isFile());
    expect(found).toHaveLength(files.size);
    for (const [path, content] of files) {
      expect(await readFile(new URL(path, folder), 'utf8'), path).toBe(content);
    }
  });

  it('keep secrets as names of environment variables', () => {
    const datasource = JSON.parse(files.get('datasources/watchpost.yaml')!);
    expect(datasource.datasources[0].secureJsonData.password).toBe('$WATCHPOST_DB_PASSWORD');
    expect(datasource.datasources[0].jsonData.timescaledb).toBe(true);
  });

  it('place no two panels upon each other', () => {
    for (const [path, content] of files) {
      if (!path.endsWith('.json')) continue;
      const taken = new Set<string>();
      for (const { gridPos, title } of JSON.parse(content).panels) {
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
          expect(x).toBeLessThan(24);
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
            expect(taken.has(`${x},${y}`), title).toBe(false);
            taken.add(`${x},${y}`);
          }
        }
      }
      expect(taken.size).toBeGreaterThan(0);
    }
  });
});
