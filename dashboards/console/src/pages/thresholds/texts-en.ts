/** What the threshold report says, in English. */
export const thresholdsEn = {
  'thresholds.lead':
    'How many faces each camera took for somebody on a list, what officers answered, and how many wrong ones chance alone explains. Numbers only: nobody is in this report.',
  'thresholds.days': 'Period',
  'thresholds.last': 'The last {{count}} days',
  'thresholds.none': 'No face was taken for somebody on a list in this time.',
  'thresholds.camera': 'Camera and list',
  'thresholds.gone': '{{camera}} (no longer at the site)',
  'thresholds.answers': 'Candidates',
  'thresholds.shown': '{{count}} shown',
  'thresholds.confirmed': '{{count}} confirmed',
  'thresholds.refused': '{{count}} refused',
  'thresholds.open': '{{count}} without an answer',
  'thresholds.bands': 'By similarity',
  'thresholds.band.near': 'Just above the limit',
  'thresholds.band.clear': 'Clearly above',
  'thresholds.band.strong': 'Far above',
  'thresholds.bandCounts': '{{band}}: {{shown}} shown, {{confirmed}} confirmed, {{refused}} refused',
  'thresholds.expected': 'Wrong ones to expect',
  'thresholds.expectedValue': 'about {{count}}',
  'thresholds.expectedFewer': 'fewer than {{count}}',
  'thresholds.expectedHours_one': 'in {{count}} hour in which the camera compared faces',
  'thresholds.expectedHours_other': 'in {{count}} hours in which the camera compared faces',
  'thresholds.expectedNone': 'not known',
  'thresholds.meaning': 'What it means',
  'thresholds.finding.above': 'More refused than chance explains',
  'thresholds.finding.as_expected': 'As expected',
  'thresholds.finding.too_few': 'Too few answers to say',
  'thresholds.finding.no_expectation': 'Nothing to compare with',
  'thresholds.advice.above':
    'Look at the enrolled photos of this list, and at light and angle of this camera. Fewer entries or a stricter limit make fewer wrong candidates; a stricter limit also misses more people.',
  'thresholds.advice.as_expected': 'Nothing to do.',
  'thresholds.advice.too_few': 'Answer candidates beside the enrolled photo; the report learns from it.',
  'thresholds.advice.no_expectation':
    'The camera has not said yet how many people pass it. It needs an hour with its gateway connected.',
  'thresholds.note':
    'One candidate is one alert: somebody who is seen again before an officer answers counts once.',
};
