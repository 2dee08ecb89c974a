export default {
  acting: 'Acting:',
  myself: 'For myself',
  enterprise: (name: string) => `For ${name}`,
  choose: 'Change role',
  title: 'For whom are you acting?',
  hint: 'Applications, messages and cases are kept apart. One does not see those of another.',
  use: 'Act for this one',
  busy: 'Switching',
  onlyMyself: 'You can act for yourself only. To act for an enterprise, ask one of its agents to add you under “Agents of the enterprise”, or bring its authorisation to a window.'
}
