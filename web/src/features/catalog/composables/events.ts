import { markRaw, type Component } from 'vue'
import type { ItemRow, LifeEvent } from '@/shared/api'
import { formatPeriod } from '@/shared/format'
import { t } from '../locales/home'
import IArmchair from '~icons/lucide/armchair'
import IBrief from '~icons/lucide/briefcase'
import IBuilding from '~icons/lucide/building-2'
import ICap from '~icons/lucide/graduation-cap'
import ICard from '~icons/lucide/id-card'
import ICircle from '~icons/lucide/circle-help'
import IFlower from '~icons/lucide/flower-2'
import IHat from '~icons/lucide/hard-hat'
import IMinus from '~icons/lucide/user-minus'
import IScale from '~icons/lucide/scale'
import IStore from '~icons/lucide/store'
import IUmbrella from '~icons/lucide/umbrella'
import IUsers from '~icons/lucide/users'

const GLYPHS: Record<string, Component> = {
  armchair: IArmchair, briefcase: IBrief, 'building-2': IBuilding, 'graduation-cap': ICap, 'id-card': ICard, flower: IFlower, 'hard-hat': IHat,
  'user-minus': IMinus, scale: IScale, store: IStore, umbrella: IUmbrella, users: IUsers
}
for (const glyph of Object.values(GLYPHS)) markRaw(glyph)

/** The picture of a life event. */
export const glyphOf = (event: LifeEvent): Component => GLYPHS[event.glyph] ?? markRaw(ICircle)

/** How long an item takes, in a few words. */
export function durationOf(row: ItemRow): string {
  return row.kind === 'instant' ? t.home.instant : row.promised ?? row.statutory ? formatPeriod(row.promised ?? row.statutory) : t.home.asPublished
}
