import type { Period, SaidAt } from '@/shared/api'
import { formatPeriod } from '@/shared/format'
import { lang, type Lang } from '@/shared/locales'
import { p } from './locales/places'

/** What stands at a place, in words; a text that is left as the edition says it has the language of the edition. */
export interface InWords { place: string; label: string; texts: { text: string; lang?: Lang }[] }
/** Labels of the fields of a form and of their choices, and names of calculators, by what stands for them. */
export type Labels = ReadonlyMap<string, string>

/** Pictures of a flow, tables of rules, shapes of data, ids: what only technicians read. */
const TECHNICAL = [/^(?:flow|rules)\b/, /^calculators\[[^\]]*\]\[/, /^form\.(?:schema|format)\b/, /^derived\.\w+\.inputs\b/, /\.prefill$/, /\]\.id$/]
/** Places where a name of a register may stand. */
const CONDITIONS = ['visible', 'required', 'needed_when']
const OF_REGISTERS = ['registers', 'register', 'source']

export const isTechnical = (place: string): boolean => TECHNICAL.some((one) => one.test(place))

/** The labels, in the language of the page; that of a choice stands at its field and its value in quotes. */
export function labelsIn(rows: readonly SaidAt[]): Labels {
  const tag = lang.value === 'en' ? 'en' : 'zh'
  return new Map(rows.flatMap(({ place, texts }): [string, string][] => {
    const [, asked] = /(\w+)\.options$/.exec(place) ?? []
    if (asked) return texts.map((text) => choiceIn(asked, text, tag))
    const [, field, calculator, told] = /^(?:form\.fields\.(?:\w+\.fields\.)?(\w+)\.label|calculators\[(\w+)\]\.name)\.(zh|en)$/.exec(place) ?? []
    const key = field ?? calculator
    return key && told === tag && texts[0] ? [[key, texts[0]]] : []
  }))
}

/** Of `fixed; <label in Chinese> / Fixed term; …` the value in quotes and its label. */
function choiceIn(field: string, text: string, tag: 'zh' | 'en'): [string, string] {
  const [value = '', label = ''] = text.split('; '), [zh = '', en = zh] = label.split(' / ')
  return [`${field}"${value}"`, tag === 'en' ? en : zh]
}

/** The rows of a part in words, a period in one. */
export function inWords(part: string, rows: readonly SaidAt[], labels: Labels): InWords[] {
  const ids = [...new Set(rows.flatMap(({ place }) => idsOf(place)))]
  return [...rows].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1)).flatMap((row) => {
    if (row.place.endsWith('.unit') && rows.some(({ place }) => place === row.place.replace(/unit$/, 'n'))) return []
    const unit = rows.find(({ place }) => place === row.place.replace(/\.n$/, '.unit'))
    const place = unit && unit !== row ? row.place.replace(/\.n$/, '') : row.place
    const texts = unit && unit !== row ? [periodOf(row, unit)] : row.texts.map((text) => textOf(place, text, labels))
    return [{ place, label: labelOf(part, place, labels, (id) => ids.indexOf(id) + 1), texts }]
  })
}

/** A place within its part, in words. */
export function labelOf(part: string, place: string, labels: Labels, numberOf?: (id: string) => number): string {
  const steps = [...place.slice(part.length).matchAll(/\[([^\]]*)\]|(\w+)/g)].map(([, id, key]) => ({ id, key: key ?? '' }))
  const told = steps.at(-1)?.key
  const names = steps.filter(({ id, key }) => id !== undefined || !['zh', 'en'].includes(key)).flatMap(({ id, key }, at, all) => {
    if (id !== undefined) return [numberOf ? p.nth(numberOf(id)) : id]
    if (key === 'fields') return []
    return [(all[at - 1]?.key === 'fields' ? labels.get(key) : undefined) ?? p.keys[key] ?? labels.get(key) ?? p.codes[key] ?? key]
  })
  const label = names.join(p.comma)
  if (told === 'zh' && !label) return p.chinese
  return told === 'en' ? p.english(label) : label
}

/** Chinese comes before its English. */
const orderOf = ({ place }: SaidAt) => place.replace(/\.en$/, '.zz')

function idsOf(place: string): string[] {
  return [...place.matchAll(/\[([^\]]*)\]/g)].map(([, id = '']) => id)
}

function periodOf({ texts: [n = ''] }: SaidAt, { texts: [unit = ''] }: SaidAt): { text: string } {
  return { text: formatPeriod({ n: Number(n), unit: unit as Period['unit'] }) }
}

function textOf(place: string, text: string, labels: Labels): InWords['texts'][number] {
  const key = place.match(/\w+/g)?.at(-1) ?? ''
  const known = wordOf(key, text, labels)
  if (known !== undefined) return { text: known }
  if (CONDITIONS.includes(key)) return { text: conditionIn(text, labels) }
  const parts = text.split('; ').map((part) => partIn(key, part, labels))
  return { text: (key === 'options' ? parts.slice(1) : parts).filter(Boolean).join('; '), lang: key === 'en' ? 'en' : 'zh-CN' }
}

/** A condition over the form with the labels that people see. */
function conditionIn(text: string, labels: Labels): string {
  let field = ''
  const tokens = text.match(/"[^"]*"|!=|<=|>=|[<>=]|\w+|[^\s\w"!<>=]/g) ?? []
  const words = tokens.map((token) => {
    if (token.startsWith('"')) return p.condition.quote(labels.get(field + token) ?? token.slice(1, -1))
    const known = p.condition[token as keyof typeof p.condition]
    if (typeof known === 'string') return known
    if (labels.has(token)) field = token
    return labels.get(token) ?? token
  })
  return words.join(' ').replace(/ ([\uff0c,\]])/g, '$1').replace(/\[ /g, '[')
}

/** A code in words; none where it is no code. */
function wordOf(key: string, text: string, labels: Labels): string | undefined {
  if (text === 'true') return p.yes
  if (text === 'false') return p.no
  return p.values[key]?.[text] ?? (OF_REGISTERS.includes(key) ? p.registers[text] : undefined) ?? labels.get(text) ?? p.codes[text]
}

/** Of a longer text the parts that are codes, or lists of them. */
function partIn(key: string, part: string, labels: Labels): string {
  const words = part.split(', ').map((one) => wordOf(key, one, labels))
  return words.every((one) => one !== undefined) ? words.join(p.list) : part
}
