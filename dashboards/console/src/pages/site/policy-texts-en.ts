/** What each number of a site’s policy is called, and what it means. */
export const policyEn = {
  'site.policySection.alerts': 'Alerts',
  'site.policy.alerts.openPerDevice': 'Open alerts of one device',
  'site.policyWhy.alerts.openPerDevice':
    'So many may be unresolved at a time; further ones are counted. Danger to life is never held back.',
  'site.policy.alerts.reopensAfter': 'Opened again after',
  'site.policyWhy.alerts.reopensAfter': 'A resolved alert comes back if its cause still lasts after this.',
  'site.policy.alerts.momentaryPause': 'Pause that makes a button a new happening',
  'site.policyWhy.alerts.momentaryPause':
    'A button or report that comes again after this pause takes an acknowledgement back.',
  'site.policy.alerts.episodePause': 'Pause between incidents of the map',
  'site.policyWhy.alerts.episodePause':
    'Events without an alert count as one incident of the map while no longer pause is between them.',
  'site.policy.alerts.lateAfter': 'Late after',
  'site.policyWhy.alerts.lateAfter':
    'An event that is older when it arrives fills history and maps, and calls nobody.',
  'site.policy.alerts.lifeSafetyLateAfter': 'Late after, where lives may be in danger',
  'site.policyWhy.alerts.lifeSafetyLateAfter':
    'Up to this age somebody is called all the same, and told how late it is.',
  'site.policy.alerts.clearsAfter.faceCandidate': 'Face candidate is over after',
  'site.policyWhy.alerts.clearsAfter.faceCandidate': 'Counts as present for so long after it was seen last.',
  'site.policy.alerts.clearsAfter.sensorAnomaly': 'Unusual reading is over after',
  'site.policyWhy.alerts.clearsAfter.sensorAnomaly': 'Counts as present for so long after the last one.',
  'site.policy.alerts.clearsAfter.zoneEntered': 'Somebody in a zone is over after',
  'site.policyWhy.alerts.clearsAfter.zoneEntered': 'Counts as present for so long after the last event.',
  'site.policy.alerts.clearsAfter.zoneLoitering': 'Staying unusually long is over after',
  'site.policyWhy.alerts.clearsAfter.zoneLoitering': 'Counts as present for so long after the last event.',

  'site.policySection.risk': 'Risk of events',
  'site.policy.risk.severities.medium': 'Medium from',
  'site.policyWhy.risk.severities.medium': 'Score of an event, 0–100, from which its alert is medium.',
  'site.policy.risk.severities.high': 'High from',
  'site.policyWhy.risk.severities.high': 'Has to be above the one for medium.',
  'site.policy.risk.severities.critical': 'Critical from',
  'site.policyWhy.risk.severities.critical': 'Has to be above the one for high.',
  'site.policy.risk.corroboration.within': 'Devices confirm each other within',
  'site.policyWhy.risk.corroboration.within':
    'Two devices that report the like within this time raise each other’s score.',
  'site.policy.risk.corroboration.nearM': 'Devices confirm each other up to (metres)',
  'site.policyWhy.risk.corroboration.nearM': 'So far apart, or in the same zone.',

  'site.policySection.losses': 'Something is lost',
  'site.policy.losses.gateway': 'Gateway',
  'site.policyWhy.losses.gateway': 'Told after so long without a word. It speaks every 30 seconds.',
  'site.policy.losses.camera': 'Camera',
  'site.policyWhy.losses.camera': 'Told so long after its gateway lost it.',
  'site.policy.losses.device': 'Any other device',
  'site.policyWhy.losses.device': 'Told so long after its gateway lost it.',
  'site.policy.losses.settings': 'Settings file with a mistake',
  'site.policyWhy.losses.settings': 'Told after so long: a file that is being saved worries nobody.',

  'site.policySection.motion': 'Movement in a picture',
  'site.policy.motion.cellChange': 'Change of brightness',
  'site.policyWhy.motion.cellChange':
    'By how much a part of the picture has to differ, of 255. Less notices more: leaves and rain too.',
  'site.policy.motion.learning': 'Getting used to',
  'site.policyWhy.motion.learning': 'Share of what is new that becomes usual with each picture.',
  'site.policy.motion.cells': 'Parts that move',
  'site.policyWhy.motion.cells':
    'In so many of the 576 parts something has to move before a picture is looked at.',

  'site.policySection.passes': 'Passes',
  'site.policy.passes.clockTolerance': 'Tolerance of clocks',
  'site.policyWhy.passes.clockTolerance': 'A pass is good so long before and after its times.',
  'site.policy.passes.countsForFace': 'Counts for a face for',
  'site.policyWhy.passes.countsForFace':
    'A pass is the second proof for a face that is seen in the same zone within this time.',
  'site.policy.passes.revokedListGood': 'List of revoked passes is good for',
  'site.policyWhy.passes.revokedListGood':
    'Without word of the server a gate takes passes for so long; then a guard decides.',

  'site.policySection.permit': 'Gateways without the server',
  'site.policy.permit.life': 'Faces are matched for',
  'site.policyWhy.permit.life':
    'A gateway that hears nothing stops after this. What is withdrawn stops everywhere within it.',
  'site.policy.permit.renewEvery': 'Permission is renewed every',
  'site.policyWhy.permit.renewEvery':
    'Half of the time above at most, so that one lost message stops nothing.',

  'site.policySection.lists': 'Watch list and access list',
  'site.policy.lists.signatures.watch': 'Signatures, watch list',
  'site.policyWhy.lists.signatures.watch': 'So many people sign an entry before it matches.',
  'site.policy.lists.signatures.access': 'Signatures, access list',
  'site.policyWhy.lists.signatures.access': 'So many people sign an entry before it matches.',
  'site.policy.lists.longest.watch': 'Longest entry, watch list',
  'site.policyWhy.lists.longest.watch': 'An entry ends at the latest after this.',
  'site.policy.lists.longest.access': 'Longest entry, access list',
  'site.policyWhy.lists.longest.access': 'An entry ends at the latest after this.',
  'site.policy.lists.dueWithin': 'Due soon',
  'site.policyWhy.lists.dueWithin': 'Entries whose review or end is nearer are shown as due.',
  'site.policy.lists.eraseAfter': 'Erased after',
  'site.policyWhy.lists.eraseAfter':
    'What was withdrawn or has expired is erased on every gateway after this.',

  'site.policySection.privacy': 'Privacy records',
  'site.policy.privacy.assessmentReview': 'Review of assessments (days)',
  'site.policyWhy.privacy.assessmentReview': 'Due so long after approval, where the record names no day.',
  'site.policy.privacy.signCheck': 'Check of notice signs (days)',
  'site.policyWhy.privacy.signCheck': 'Due so long after it was seen, where the record names no day.',
  'site.policy.privacy.noticeBefore': 'Told before (days)',
  'site.policyWhy.privacy.noticeBefore': 'What becomes due within this time is shown as due soon.',

  'site.policySection.keptDays': 'Kept for (days)',
  'site.policy.keptDays.events': 'Events',
  'site.policyWhy.keptDays.events': 'Everything that devices report, but for passings.',
  'site.policy.keptDays.passings': 'Passings',
  'site.policyWhy.keptDays.passings': 'Accepted passes and matches of the access list: people who may pass.',
  'site.policy.keptDays.telemetry': 'Measurements',
  'site.policyWhy.keptDays.telemetry': 'Temperatures, counts and the like.',
  'site.policy.keptDays.closedAlerts': 'Closed alerts',
  'site.policyWhy.keptDays.closedAlerts': 'With their history, from the day they closed.',
  'site.policy.keptDays.epochs': 'Counting of gateways',
  'site.policyWhy.keptDays.epochs': 'How far each gateway had sent, after it was last heard of.',
  'site.policy.keptDays.notices': 'Notices',
  'site.policyWhy.keptDays.notices': 'Who was told of which alert, and whether it came through.',
  'site.policy.keptDays.rejects': 'Refused messages',
  'site.policyWhy.keptDays.rejects': 'What could not be used, with its reason.',
  'site.policy.keptDays.deviceStatus': 'State of devices',
  'site.policyWhy.keptDays.deviceStatus': 'When they were up or down.',
  'site.policy.keptDays.eventHours': 'Hourly counts',
  'site.policyWhy.keptDays.eventHours': 'Numbers of events by hour, for maps and reports.',
} as const;
