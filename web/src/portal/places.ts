import { markRaw, type Component } from 'vue'
import { t } from './locales'
import IHome from '~icons/lucide/house'
import IGrid from '~icons/lucide/layout-grid'
import IList from '~icons/lucide/list-checks'
import IMail from '~icons/lucide/mail'
import IUser from '~icons/lucide/user-round'

/** A place of the main navigation. */
export interface Place { to: string; name: () => string; icon: Component; below: string[]; elder: boolean }

export const places: Place[] = [
  { to: '/', name: () => t.nav.home, icon: markRaw(IHome), below: ['/life/'], elder: true },
  { to: '/items', name: () => t.nav.items, icon: markRaw(IGrid), below: ['/items/', '/apply/', '/calculators'], elder: false },
  { to: '/cases', name: () => t.nav.cases, icon: markRaw(IList), below: ['/cases/', '/rosters'], elder: true },
  { to: '/messages', name: () => t.nav.messages, icon: markRaw(IMail), below: [], elder: false },
  { to: '/account', name: () => t.nav.account, icon: markRaw(IUser), below: ['/agents'], elder: true }
]

/** Whether an address belongs to a place. */
export function isHere(place: Place, path: string): boolean {
  return path === place.to || place.below.some((start) => path.startsWith(start))
}
