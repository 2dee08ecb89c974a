import { reactive, ref, shallowRef } from 'vue'
import { useAction, type OneTimePassword } from '@/shared/api'
import { checkCitizenNo } from '@/shared/format/citizenNo'
import { mask } from '@/shared/format'
import { faultAt } from '@/shared/staff/faults'
import { announce } from '@/shared/ui'
import { t } from '../locales'
import { resetPassword } from '../staff.api'

/** What was given, and to whom; it stands on the page until the next person comes, and nowhere else. */
export interface GivenPassword extends OneTimePassword { name: string; number: string }

/** A one-time password for somebody who stands at the window with his identity card. */
export function usePasswordReset() {
  const entry = reactive({ name: '', number: '' })
  const compared = ref(false)
  const tried = ref(false)
  const given = shallowRef<GivenPassword>()
  const plain = () => entry.number.replace(/\s/g, '').toUpperCase()

  const give = useAction(async (key) => {
    const holder = { name: entry.name.trim(), citizen_no: plain() }
    given.value = { ...await resetPassword(holder, key), name: holder.name, number: mask(holder.citizen_no, 6, 4) }
    announce(t.reset.shown)
  })

  function numberFault(): string | undefined {
    const found = checkCitizenNo(plain())
    if (!plain()) return t.reset.noNumber
    if (found === 'ok') return undefined
    return found === 'form' ? t.reset.length : t.reset.check
  }

  /** What is wrong with an entry, by the id of its field. */
  function errorOf(id: 'reset-name' | 'reset-number' | 'reset-compared'): string | undefined {
    if (id === 'reset-name') return (tried.value && !entry.name.trim() ? t.reset.noName : undefined) ?? faultAt(give.problem.value, '/name')
    if (id === 'reset-number') return (tried.value ? numberFault() : undefined) ?? faultAt(give.problem.value, '/citizen_no')
    return tried.value && !compared.value ? t.reset.notCompared : undefined
  }

  async function submit(): Promise<void> {
    tried.value = true
    const gap = (['reset-name', 'reset-number', 'reset-compared'] as const).find((id) => errorOf(id))
    if (gap) return void document.getElementById(gap)?.focus()
    await give.run()
  }

  /** Nothing of the last person stays on the page. */
  function next(): void {
    Object.assign(entry, { name: '', number: '' })
    compared.value = tried.value = false
    given.value = give.problem.value = undefined
  }

  return { entry, compared, given, errorOf, submit, next, busy: give.busy, problem: give.problem }
}
