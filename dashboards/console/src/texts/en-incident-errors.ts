/** Errors of incidents: loaded with what shows them. */
export const enIncidentErrors = {
  'error.incident.stale': 'The incident rose, came back or ended meanwhile. Look again, then decide.',
  'error.incident.merged': 'These alerts are part of another incident now.',
  'error.incident.not_its_alerts': 'Load the incident again. One alert has to stay in it.',
};
