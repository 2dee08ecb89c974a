import type { ItemRow } from '@/shared/api'
import { pick } from '@/shared/locales'

/** Punctuation, spaces and words that stand in every question about an item. */
const NOISE = /[\s\p{P}]|怎么|如何|哪里|什么|我|要|想|办|了|的|吗/gu
const ROWS_MAX = 5

/** Items that share characters with what was asked, the nearest first: how people say a thing is seldom how the catalogue writes it. */
export function nearestOf(rows: readonly ItemRow[], query: string): ItemRow[] {
  const asked = new Set(query.toLowerCase().replace(NOISE, ''))
  const near = rows.map((row) => ({ row, share: shareOf(`${pick(row.name)}${pick(row.summary)}`.toLowerCase(), asked) + shareOf(pick(row.name).toLowerCase(), asked) }))
  return near.filter((one) => one.share > 0).sort((a, b) => b.share - a.share).slice(0, ROWS_MAX).map((one) => one.row)
}

function shareOf(text: string, asked: ReadonlySet<string>): number {
  return [...asked].filter((letter) => text.includes(letter)).length
}
