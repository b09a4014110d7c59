/** What the wall view says, in English. */
export const wallEn = {
  'wall.title': 'Alerts',
  'wall.none': 'Nothing is waiting.',
  'wall.more_one': 'and {{count}} more',
  'wall.more_other': 'and {{count}} more',
  'wall.leave': 'Leave the wall view',
  'wall.loading': 'Loading …',
};
