import { plural } from '@/shared/locales/plural'

export default {
  open: (name: string, count: number) => `${name}, you have ${plural(count, 'open case')}`,
  none: (name: string) => `${name}, you have no open case`,
  noneWhat: 'Once you have applied, you see here how far your case is.',
  steps: 'Progress',
  needsMe: (count: number) => (count === 1 ? '1 case needs something from you' : `${count} cases need something from you`),
  supply: 'Complete it',
  amend: 'Change it',
  rate: (name: string) => `${name} is finished. How was it?`,
  drafts: (count: number) => `${plural(count, 'draft')} not submitted yet`,
  unread: (count: number) => plural(count, 'unread message'),
  progress: 'See progress',
  stranger: 'How far is my case?',
  strangerWhat: 'Sign in to see your open cases, what is needed from you, and by when you have a result.',
  signIn: 'Sign in',
  byCode: 'Check by case number'
}
