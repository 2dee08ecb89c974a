import type { FormField, ItemGuide, RosterRow } from '@/shared/api'
import { pick } from '@/shared/locales'
import { common } from '@/shared/locales/common'
import { r } from '../locales/roster'

export type RowFault = RosterRow['faults'][number]
/** What a cell was refused for without saying what is wanted in it. */
const NOT_A_CHOICE = 'E1024', OTHER_KIND = 'E1032'
/** Said of a row, it is about the person in it and not about who reads it. */
const OPEN_ALREADY = 'E1205'
/** So many choices are read in one line; the template has the others in its list. */
const CHOICES_MAX = 12

/** What is wrong with a cell and what belongs there, by what the form says of its column. */
export function wordsOf(fault: RowFault, guide: ItemGuide | undefined): { wrong: string; mend: string } {
  if (fault.code === OPEN_ALREADY) return { wrong: r.alreadyOpen, mend: r.alreadyOpenMend }
  const key = fault.heading && guide ? columnOf(fault.heading, guide) : undefined
  const field = key === undefined ? undefined : guide?.form.fields[key]
  if (!field) return fault
  if (fault.code === NOT_A_CHOICE && field.options?.length) return { wrong: r.notAChoice, mend: choicesOf(field) }
  const wrong = r.kinds[field.widget]
  if (fault.code !== OTHER_KIND || !wrong) return fault
  const example = guide?.roster?.columns.find((column) => column.field === key)?.example
  return { wrong, mend: example && !fault.mend.includes(example) ? r.forExample(fault.mend.replace(/[\u3002.]$/, ''), example) : fault.mend }
}

/** The field of a column: its heading is the label, with a unit where there is one. */
function columnOf(heading: string, guide: ItemGuide): string | undefined {
  const columns = guide.roster?.columns.map(({ field }) => field) ?? []
  const labelsOf = (key: string) => { const label = guide.form.fields[key]?.label; return [label?.zh, label?.en].flatMap((words) => words || []) }
  return columns.find((key) => labelsOf(key).includes(heading)) ?? columns.find((key) => labelsOf(key).some((label) => heading.startsWith(label)))
}

function choicesOf({ options = [] }: FormField): string {
  const names = options.slice(0, CHOICES_MAX).map((option) => pick(option.label)).join(common.list)
  return options.length > CHOICES_MAX ? r.someOf(names) : r.oneOf(names)
}
