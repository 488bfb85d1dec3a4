/** How the hub and its page behave. */
export const settings = {
  title: 'Settings',
  about: 'How Syncline speaks to you. It holds wherever you sign in.',
  you: 'You',
  timeZone: 'Time zone',
  timeZoneHelp: 'Times are shown in this zone.',
  ofBrowser: 'As the browser: {{zone}}',
  kept: 'That is kept',
  name: 'Name',
  role: 'Role',
} as const;
