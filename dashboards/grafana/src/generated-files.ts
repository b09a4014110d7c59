import { languages } from '@watchpost/contracts/api';
import { overviewDashboard } from './dashboard.ts';
import { dashboardProvisioning, datasourceProvisioning } from './datasource.ts';

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/**
 * Everything under `generated/`: path and content. Provisioning files end in .yaml because Grafana reads no
 * others; JSON is YAML 1.2.
 */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['datasources/watchpost.yaml', json(datasourceProvisioning)],
    ['dashboards/watchpost.yaml', json(dashboardProvisioning)],
    ...languages.map(
      (language) =>
        [`dashboards/watchpost/overview.${language}.json`, json(overviewDashboard(language))] as const,
    ),
  ]);
}
