import { CASES } from '@/shared/auth/cases'
import { t } from './locales'

/** One entry of the side bar. A page that the caller may not use is not shown; one of the permissions is enough. */
export interface NavEntry { to: string; label: string; icon: NavIcon; permissions?: readonly string[]; count?: 'all'; demo?: boolean }
export interface NavGroup { label: string; entries: NavEntry[] }
/** A page by the name of its title. */
export type PageName = keyof typeof t.pages
type Entry = Omit<NavEntry, 'label'> & { page: PageName }
export type NavIcon = 'inbox' | 'list' | 'stamp' | 'hand' | 'chart' | 'star' | 'staff' | 'jobs' | 'audit' | 'outbox' | 'key' | 'standards'

const GROUPS: { name: keyof typeof t.groups; entries: Entry[] }[] = [
  {
    name: 'cases',
    entries: [
      { to: '/tasks', page: 'tasks', icon: 'inbox', permissions: CASES, count: 'all' },
      { to: '/cases', page: 'cases', icon: 'list', permissions: ['case.view'] },
      { to: '/counter', page: 'counter', icon: 'stamp', permissions: ['case.accept'] },
      { to: '/password-resets', page: 'passwordResets', icon: 'key', permissions: ['account.reset'] },
      { to: '/delivery', page: 'delivery', icon: 'hand', permissions: ['case.deliver'] }
    ]
  },
  {
    name: 'oversight',
    entries: [
      { to: '/dashboard', page: 'dashboard', icon: 'chart', permissions: ['insight.view'] },
      { to: '/ratings', page: 'ratings', icon: 'star', permissions: ['rating.view'] }
    ]
  },
  {
    name: 'administration',
    entries: [
      { to: '/staff', page: 'staff', icon: 'staff', permissions: ['staff.manage'] },
      { to: '/items', page: 'standards', icon: 'standards', permissions: ['item.review', 'item.publish'] },
      { to: '/jobs', page: 'jobs', icon: 'jobs', permissions: ['job.manage'] },
      { to: '/audit', page: 'audit', icon: 'audit', permissions: ['audit.view'] }
    ]
  },
  { name: 'demo', entries: [{ to: '/outbox', page: 'outbox', icon: 'outbox', demo: true }] }
]

/** The side bar of a caller with these permissions; empty groups disappear. */
export function navigationFor(permissions: readonly string[], demo: boolean): NavGroup[] {
  const shown = (entry: Entry) => (!entry.permissions || entry.permissions.some((one) => permissions.includes(one))) && (!entry.demo || demo)
  const worded = ({ page, ...entry }: Entry): NavEntry => ({ ...entry, label: t.pages[page] })
  return GROUPS.map(({ name, entries }) => ({ label: t.groups[name], entries: entries.filter(shown).map(worded) })).filter((group) => group.entries.length > 0)
}

/** Work of one's own; who has none, and sees figures, begins with these. */
const WORK = ['case.accept', 'case.review', 'case.decide', 'case.deliver', 'case.supervise']

/** Where a caller starts: the first page he may use. */
export function startPage(permissions: readonly string[]): string {
  if (permissions.includes('insight.view') && !WORK.some((one) => permissions.includes(one))) return '/dashboard'
  return navigationFor(permissions, false)[0]?.entries[0]?.to ?? '/welcome'
}
