import { markRaw, type Component } from 'vue'
import type { ItemRow } from '@/shared/api'
import { formatPeriod } from '@/shared/format'
import { t } from '../locales/home'
import IBrief from '~icons/lucide/briefcase'
import IFile from '~icons/lucide/file-clock'
import IStore from '~icons/lucide/building-2'
import IUmbrella from '~icons/lucide/umbrella'

interface LifeEvent { id: string; icon: Component; items: string[]; search?: string }
export interface ShownEvent { id: string; icon: Component; title: string; text: string; to: string }

const EVENTS: LifeEvent[] = [
  { id: 'jobless', icon: markRaw(IUmbrella), items: ['JY-009', 'SB-084'], search: '失业' },
  { id: 'expired', icon: markRaw(IFile), items: ['SB-084'] },
  { id: 'seeking', icon: markRaw(IBrief), items: ['JY-009'] },
  { id: 'dispatch', icon: markRaw(IStore), items: ['LD-001'] }
]

/** The events of life for which the catalogue has all items. */
export function eventsOf(rows: ItemRow[]): ShownEvent[] {
  const codes = new Set(rows.map((row) => row.code))
  return EVENTS.filter((event) => event.items.every((code) => codes.has(code))).map((event) => {
    const [title = '', text = ''] = t.events[event.id] ?? []
    const to = event.search ? `/items?q=${encodeURIComponent(event.search)}` : `/items/${event.items[0]}`
    return { id: event.id, icon: event.icon, title, text, to }
  })
}

/** How long an item takes, in a few words. */
export function durationOf(row: ItemRow): string {
  return row.kind === 'instant' ? t.home.instant : formatPeriod(row.promised ?? row.statutory)
}
