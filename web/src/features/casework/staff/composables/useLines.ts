import { computed, reactive, type ComputedRef } from 'vue'
import type { StaffCase } from '@/shared/api'
import { pick } from '@/shared/locales'
import { effectiveOf, isLocked } from '../../composables/formLogic'
import { t } from '../locales/acts'

/** Something that may be asked for: a paper of the closed list or a field of the form. */
export interface Askable { key: string; kind: 'material' | 'field'; id: string; name: string; note?: string; /** Why it may not be asked for. */ why?: string }
export interface NoticeLine { material?: string; field?: string; defect: string; how_to_fix: string }
interface Draft { on: boolean; defect: string; fix: string }

export interface Lines {
  askable: ComputedRef<Askable[]>
  draft: (key: string) => Draft
  chosen: ComputedRef<Askable[]>
  lines: ComputedRef<NoticeLine[]>
  /** The chosen ones that still lack words, by key. */
  missing: ComputedRef<Record<string, { defect?: string; fix?: string }>>
  isComplete: ComputedRef<boolean>
  clear: () => void
}

type Asked = Pick<StaffCase, 'materials' | 'form' | 'data'>

/**
 * The lines of a notice that tells everything once. Only papers of the item's closed list and fields
 * that the applicant has before him can be chosen; what a register answers cannot be asked for.
 */
export function useLines(shown: () => Asked | undefined): Lines {
  const drafts = reactive<Record<string, Draft>>({})
  const draft = (key: string) => (drafts[key] ??= { on: false, defect: '', fix: '' })
  const askable = computed(() => askableOf(shown()))
  const chosen = computed(() => askable.value.filter((item) => !item.why && draft(item.key).on))
  const lines = computed(() => chosen.value.map((item) => {
    const { defect, fix } = draft(item.key)
    return { [item.kind]: item.id, defect: defect.trim(), how_to_fix: fix.trim() } as NoticeLine
  }))
  const missing = computed(() => Object.fromEntries(chosen.value.flatMap((item) => {
    const { defect, fix } = draft(item.key)
    const faults = { defect: defect.trim() ? undefined : t.lines.noDefect, fix: fix.trim() ? undefined : t.lines.noFix }
    return faults.defect || faults.fix ? [[item.key, faults]] : []
  })))
  return {
    askable, draft, chosen, lines, missing,
    isComplete: computed(() => chosen.value.length > 0 && Object.keys(missing.value).length === 0),
    clear: () => Object.keys(drafts).forEach((key) => delete drafts[key])
  }
}

function askableOf(shown: Asked | undefined): Askable[] {
  if (!shown) return []
  const materials = shown.materials.filter((slot) => slot.needed).map<Askable>((slot) => ({
    key: `material:${slot.id}`, kind: 'material', id: slot.id, name: pick(slot.name), note: pick(slot.standard),
    why: slot.covered_by ? t.lines.covered(slot.covered_by) : slot.source === 'shared' ? t.lines.isShared : undefined
  }))
  return [...materials, ...fieldsOf(shown)]
}

/** What the form asks with the answers given: nobody corrects what he cannot see, or what a register has told. */
function fieldsOf({ form, data }: Asked): Askable[] {
  const { visible } = effectiveOf(form, data, {})
  return form.layout.flatMap((section) => section.fields).flatMap((key) => {
    const field = form.fields[key]
    return field && visible.has(key) && !isLocked(field, key, data) ? [{ key: `field:${key}`, kind: 'field', id: key, name: pick(field.label) }] : []
  })
}
