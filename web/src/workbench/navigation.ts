import { CASES } from '@/shared/auth/cases'

/** One entry of the side bar. A page that the caller may not use is not shown; one of the permissions is enough. */
export interface NavEntry { to: string; label: string; icon: NavIcon; permissions?: readonly string[]; count?: 'all'; demo?: boolean }
export interface NavGroup { label: string; entries: NavEntry[] }
export type NavIcon = 'inbox' | 'stamp' | 'hand' | 'chart' | 'star' | 'staff' | 'jobs' | 'audit' | 'outbox' | 'key'

const GROUPS: NavGroup[] = [
  {
    label: '办件',
    entries: [
      { to: '/tasks', label: '待办案件', icon: 'inbox', permissions: CASES, count: 'all' },
      { to: '/counter', label: '一窗受理', icon: 'stamp', permissions: ['case.accept'] },
      { to: '/password-resets', label: '重设群众密码', icon: 'key', permissions: ['account.reset'] },
      { to: '/delivery', label: '出件送达', icon: 'hand', permissions: ['case.deliver'] }
    ]
  },
  {
    label: '监督',
    entries: [
      { to: '/dashboard', label: '运行数据', icon: 'chart', permissions: ['insight.view'] },
      { to: '/ratings', label: '群众评价', icon: 'star', permissions: ['rating.view'] }
    ]
  },
  {
    label: '管理',
    entries: [
      { to: '/staff', label: '人员岗位', icon: 'staff', permissions: ['staff.manage'] },
      { to: '/jobs', label: '后台任务', icon: 'jobs', permissions: ['job.manage'] },
      { to: '/audit', label: '安全审计', icon: 'audit', permissions: ['audit.view'] }
    ]
  },
  { label: '演示', entries: [{ to: '/outbox', label: '外发箱', icon: 'outbox', demo: true }] }
]

/** The side bar of a caller with these permissions; empty groups disappear. */
export function navigationFor(permissions: readonly string[], demo: boolean): NavGroup[] {
  const shown = (entry: NavEntry) => (!entry.permissions || entry.permissions.some((one) => permissions.includes(one))) && (!entry.demo || demo)
  return GROUPS.map((group) => ({ ...group, entries: group.entries.filter(shown) })).filter((group) => group.entries.length > 0)
}

/** Work of one's own; who has none, and sees figures, begins with these. */
const WORK = ['case.accept', 'case.review', 'case.decide', 'case.deliver', 'case.supervise']

/** Where a caller starts: the first page he may use. */
export function startPage(permissions: readonly string[]): string {
  if (permissions.includes('insight.view') && !WORK.some((one) => permissions.includes(one))) return '/dashboard'
  return navigationFor(permissions, false)[0]?.entries[0]?.to ?? '/welcome'
}
