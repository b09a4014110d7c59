/** How panels name the data source that {@link datasourceProvisioning} sets up. */
export const datasource = { type: 'grafana-postgresql-datasource', uid: 'watchpost' } as const;

/**
 * Grafana's provisioning file of the data source. Grafana itself replaces `$NAME` by the environment; the
 * account needs only `select`. `timescaledb` makes `$__timeGroup` a `time_bucket`, so that hourly views are
 * used as they are.
 */
export const datasourceProvisioning = {
  apiVersion: 1,
  datasources: [
    {
      name: 'Watchpost',
      uid: datasource.uid,
      type: datasource.type,
      access: 'proxy',
      url: '$WATCHPOST_DB_HOST:$WATCHPOST_DB_PORT',
      user: '$WATCHPOST_DB_USER',
      isDefault: true,
      editable: false,
      jsonData: {
        database: '$WATCHPOST_DB_NAME',
        sslmode: '$WATCHPOST_DB_SSLMODE',
        postgresVersion: 1700,
        timescaledb: true,
        maxOpenConns: 5,
      },
      secureJsonData: { password: '$WATCHPOST_DB_PASSWORD' },
    },
  ],
} as const;

/** Grafana's provisioning file of the dashboards: it reads the JSON files beside it. */
export const dashboardProvisioning = {
  apiVersion: 1,
  providers: [
    {
      name: 'watchpost',
      folder: 'Watchpost',
      type: 'file',
      disableDeletion: true,
      allowUiUpdates: false,
      options: { path: '/etc/grafana/provisioning/dashboards/watchpost' },
    },
  ],
} as const;
