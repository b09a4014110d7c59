import { describe, expect, it } from 'vitest';
import { overviewDashboard } from './dashboard.ts';
import { expandMacros, grafanaQueries } from './queries.ts';

const range = { from: '2026-11-01T00:00:00.000Z', to: '2026-11-02T00:00:00.000Z', site: 'demo' };

describe('Grafana queries', () => {
  it('are each shown by exactly one panel', () => {
    const panels = JSON.parse(JSON.stringify(overviewDashboard('en'))).panels;
    const shown = panels.map((panel: { targets: { rawSql: string }[] }) => panel.targets[0]!.rawSql);
    expect(shown.sort()).toEqual(grafanaQueries.map((query) => query.sql).sort());
  });

  it.each(grafanaQueries)('$name names its site and leaves no macro after expansion', (query) => {
    const sql = expandMacros(query, range);
    expect(sql).toContain("site in ('demo')");
    expect(sql).not.toContain('$');
  });
});
