const { existsSync } = require('node:fs');
const { join } = require('node:path');

// The arrows of the house: which workspace may import which. Everything not listed is refused.
const mayImport = {
  contracts: [],
  service: ['contracts'],
  identity: ['contracts', 'service'],
  passes: ['contracts', 'service'],
  hardware: ['contracts', 'service'],
  inference: ['contracts', 'service', 'passes'],
  enrolment: ['contracts', 'service', 'inference'],
  'edge-agent': ['contracts', 'service', 'identity', 'passes', 'hardware', 'inference'],
  broker: ['contracts', 'service', 'identity'],
  alerting: ['contracts', 'service', 'identity', 'passes'],
  'dashboards/console': ['contracts', 'dashboards/riskmap'],
  'dashboards/grafana': ['contracts'],
  'dashboards/riskmap': ['contracts'],
  flows: ['contracts', 'service'],
  demo: ['contracts'],
};

/**
 * What alerting decides without clock, chance or store, by noun: these files import each other, numbers and
 * contracts only.
 */
const alertingDecisions = [
  'accounts/token-buckets',
  'alerts/alert-cap',
  'alerts/alert-lifecycle',
  'alerts/alert-revision',
  'alerts/alert-subject',
  'alerts/change-entry',
  'alerts/condition-rules',
  'duty/calendar-day',
  'duty/duty-between',
  'duty/layer-shift',
  'duty/on-duty',
  'duty/rota',
  'duty/zone-clock',
  'health/duplicate-identity',
  'health/gateway-clock',
  'ingest/backlogs',
  'ingest/clock-steps',
  'ingest/event-time',
  'ingest/known-names',
  'ingest/lateness',
  'ingest/watermark',
  'live/acknowledged-position',
  'notify/http/retry-after',
  'notify/text/cut-to-bytes',
  'places/event-place',
  'places/heat-map',
  'places/incident',
  'places/plan-cell',
  'places/place-risk',
  'places/plan-projection',
  'places/site-directory',
  'risk/armed-schedule',
  'risk/corroboration',
  'risk/device-trust',
  'risk/event-risk',
  'risk/rule-set',
];
for (const file of alertingDecisions) {
  if (!existsSync(join(__dirname, `alerting/src/${file}.ts`))) throw new Error(`no alerting/src/${file}.ts`);
}
const alertingDecision = `^alerting/src/(${alertingDecisions.join('|')})\\.ts$`;

/** The same of the gateway. */
const gatewayDecisions = [
  'camera/frame-pacing',
  'camera/packet-queue',
  'camera/stream-clock',
  'devices/rate-limit',
  'drivers/scan-framer',
  'drivers/scan-text',
  'identity/renewal-schedule',
  'link/batch',
  'link/receipt-deadline',
  'policy/matching-permit',
  'policy/second-factor',
  'recognition/daily-traffic',
  'recognition/face-event',
  'recognition/gtin',
  'recognition/motion-gate',
  'recognition/unknown-codes',
  'recognition/visible-codes',
  'tamper/cell-grid',
  'tamper/covered-lens',
  'tamper/frozen-picture',
  'tamper/tamper-detector',
];
for (const file of gatewayDecisions) {
  if (!existsSync(join(__dirname, `edge-agent/src/${file}.ts`)))
    throw new Error(`no edge-agent/src/${file}.ts`);
}
const gatewayDecision = `^edge-agent/src/(${gatewayDecisions.join('|')})\\.ts$`;

/** The same of the console: beside the page or the part whose noun they are. */
const consoleDecisions = [
  'api/reconnect',
  'live/alarm-schedule',
  'live/alert-order',
  'live/alert-window',
  'live/device-states',
  'live/site-clock',
  'pages/alerts/alert-actions',
  'pages/alerts/queue-items',
  'pages/alerts/risk-sum',
  'routes/place',
  'texts/intl-formats',
  'texts/time-text',
];
for (const file of consoleDecisions) {
  const path = `dashboards/console/src/${file}.ts`;
  if (!existsSync(join(__dirname, path))) throw new Error(`no ${path}`);
}
const consoleDecision = `^dashboards/console/src/(${consoleDecisions.join('|')})\\.ts$`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...Object.entries(mayImport).map(([from, targets]) => ({
      name: `${from}-imports-only-what-it-may`,
      severity: 'error',
      from: { path: `^${from}/` },
      to: {
        path: '^(contracts|service|identity|passes|hardware|inference|enrolment|edge-agent|broker|alerting|dashboards|flows|demo|cli|tests|docs|scripts)/',
        pathNot: `^(${[from, ...targets].join('|')})/`,
      },
    })),
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'packages-enter-by-the-front-door',
      comment:
        'Another package is imported by its name, never by a path into it. Second entries: for what sets gateways up and gives certificates out, for processes that read codes only, for links to a broker (which load a client library), for each part of the contracts, and for tests.',
      severity: 'error',
      from: { path: '^((?:dashboards/)?[^/]+)/', pathNot: '^(scripts|tests)/' },
      to: {
        path: '^(dashboards/)?[^/]+/src/',
        pathNot: [
          '^$1/',
          '^(dashboards/)?[^/]+/src/(index|main)\\.ts$',
          // What the demo draws with, and who is in it without what draws them.
          '^demo/src/(make-pictures|cast)\\.ts$',
          '^[^/]+/src/(identity|codes|authority|web|telling)/index\\.ts$',
          '^service/src/mqtt-link\\.ts$',
          '^service/src/server-folder/index\\.ts$',
          '^contracts/src/[a-z]+/index\\.ts$',
          // For a page, the broker and a camera's decoder, without all schemas of a site.
          '^contracts/src/site/(site-plans|policy-broker|connect/camera-address)\\.ts$',
          // One language each, so that a page loads only its own.
          '^contracts/src/texts/(en|zh)-terms\\.ts$',
          '^dashboards/console/src/texts/zh-error-text\\.ts$',
          // Numbers alone, for commands that show their defaults before anything is loaded.
          '^identity/src/policy\\.ts$',
          // Paths alone.
          '^identity/src/authority/authority-files\\.ts$',
          // The key alone, without X.509 and servers.
          '^identity/src/telling/announcing-key\\.ts$',
          '^(service|identity|inference)/src/testing/',
          '^inference/src/eval/coverings/index\\.ts$',
          // For the process that starts the others, without loading Node-RED or the whole service into it.
          '^flows/src/confinement\\.ts$',
          '^alerting/src/store/cluster-template\\.ts$',
          '^alerting/src/(accounts|governance|replay|store/export)/index\\.ts$',
        ],
      },
    },
    {
      name: 'one-broker-needs-no-redis',
      comment:
        'The client of Redis is loaded with a cluster only: it costs memory, and loaded before Aedes it makes every message dearer.',
      severity: 'error',
      from: { path: '^broker/src/', pathNot: '^broker/src/(cluster|bench)/|\\.test\\.ts$' },
      to: {
        path: '^broker/src/cluster/',
        pathNot: '/(message-origin|policy)\\.ts$',
        dependencyTypesNot: ['type-only', 'dynamic-import'],
      },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: ['/src/domain/', alertingDecision, gatewayDecision], pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'alerting-decides-without-effects',
      comment:
        'A store, a link, a framework: whatever acts stays out of the files that decide, and what they import.',
      severity: 'error',
      from: { path: alertingDecision },
      to: {
        path: '.',
        pathNot: [
          alertingDecision,
          '^alerting/src/(policy|[a-z]+/policy)\\.ts$',
          '^contracts/src/',
          '^node_modules/(h3-js|temporal-polyfill)/',
        ],
      },
    },
    {
      name: 'console-decides-without-effects',
      severity: 'error',
      from: { path: consoleDecision },
      to: {
        path: '.',
        pathNot: [consoleDecision, '^dashboards/console/src/policy\\.ts$', '^contracts/src/'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'pages-of-the-console-do-not-know-each-other',
      comment:
        'What two pages need is in `ui/`, `live/` or `texts/`; what puts them beside each other is `console.tsx`.',
      severity: 'error',
      from: { path: '^dashboards/console/src/pages/([^/]+)/' },
      to: {
        path: '^dashboards/console/src/(pages/|[^/]+\\.tsx$)',
        pathNot: '^dashboards/console/src/pages/$1/',
      },
    },
    {
      name: 'parts-of-the-console-know-no-page',
      severity: 'error',
      from: { path: '^dashboards/console/src/(api|live|routes|texts|ui)/' },
      to: { path: '^dashboards/console/src/(pages/|[^/]+\\.tsx$)' },
    },
    {
      name: 'not-to-tests',
      severity: 'error',
      from: { pathNot: '\\.test\\.ts$|^tests/|/(server-)?tests?/|-contract\\.ts$' },
      to: { path: '\\.test\\.ts$' },
    },
    {
      name: 'testing-is-for-tests',
      severity: 'error',
      from: {
        pathNot:
          '\\.(test|fuzz)\\.ts$|^tests/|/(server-)?tests?/|-contract\\.ts$|/testing/|-testing\\.ts$|/(bench|eval)/',
      },
      to: { path: '^(service|identity)/src/testing/' },
    },
    {
      name: 'onnx-runtime-is-loaded-in-one-place',
      comment: 'It reports to its maker unless it is told not to before it is loaded; one file sees to that.',
      severity: 'error',
      from: { pathNot: '^inference/src/models/onnx-runtime\\.ts$' },
      to: { path: '(^|/)onnxruntime-(node|common|web)(/|$)' },
    },
    {
      name: 'the-demo-draws-with-little',
      comment: 'It is a server folder and its pictures; whatever makes a site of them is the command’s.',
      severity: 'error',
      from: { path: '^demo/', pathNot: '\\.test\\.ts$' },
      to: { path: '(^|/)node_modules/', pathNot: '(^|/)node_modules/(sharp|node-av|zxing-wasm)/' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Our built and generated files; a package's `dist` stays in, or no rule would see that it is imported.
    exclude: { path: '^(contracts|dashboards/[a-z]+)/(dist|generated)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json'],
    },
  },
};
