import { reactive, ref } from 'vue'
import { api, useAction, type Session } from '@/shared/api'
import { adoptSession } from '@/shared/auth'
import { checkCitizenNo } from '@/shared/format/citizenNo'
import { retell } from '@/shared/locales/retell'
import { t } from '../locales'
import { isStrong } from './password'

/** Opening an account; an entry is checked before it is sent and again by the server. */
export function useSignUp(done: () => void) {
  const entry = reactive({ name: '', citizen_no: '', mobile: '', password: '' })
  const errors = ref<{ id: string; text: string }[]>([])

  const { run, busy, problem } = useAction(async (key) => {
    const body = { ...entry, name: entry.name.trim(), citizen_no: entry.citizen_no.trim().toUpperCase(), mobile: entry.mobile.trim() }
    adoptSession(await api.post<Session>('/accounts', body, { key, quiet: true }))
    done()
  })

  function check(): { id: string; text: string }[] {
    const words = t.signUp.errors, number = checkCitizenNo(entry.citizen_no)
    return [
      ...(entry.name.trim() ? [] : [{ id: 'name', text: words.name }]),
      ...(number === 'ok' ? [] : [{ id: 'number', text: number === 'form' ? words.number : words.numberCheck }]),
      ...(/^1\d{10}$/.test(entry.mobile.trim()) ? [] : [{ id: 'mobile', text: words.mobile }]),
      ...(isStrong(entry.password) ? [] : [{ id: 'password', text: words.password }])
    ]
  }

  retell(() => errors.value, check)

  async function submit(): Promise<void> {
    errors.value = check()
    if (!errors.value.length) await run()
  }

  const errorOf = (id: string) => errors.value.find((error) => error.id === id)?.text
  return { entry, errors, errorOf, submit, busy, problem }
}
