import { reactive, ref } from 'vue'
import { api, useAction } from '@/shared/api'
import { retell } from '@/shared/locales/retell'
import { announce } from '@/shared/ui/announce'
import { t } from '../locales'
import { isStrong } from './password'

/** Changing one's password; every other device is signed out by it. */
export function usePasswordChange(done?: () => void) {
  const entry = reactive({ old: '', fresh: '' })
  const errors = ref<{ id: string; text: string }[]>([])
  const { run, busy, problem } = useAction(async (key) => {
    await api.put('/me/password', { old: entry.old, new: entry.fresh }, { key })
    Object.assign(entry, { old: '', fresh: '' })
    announce(t.account.password.done)
    done?.()
  })

  const check = () => [
    ...(entry.old ? [] : [{ id: 'old-password', text: t.account.password.needOld }]),
    ...(isStrong(entry.fresh) ? [] : [{ id: 'new-password', text: t.account.password.needFresh }])
  ]
  retell(() => errors.value, check)

  async function submit(): Promise<void> {
    errors.value = check()
    if (!errors.value.length) await run()
  }

  const errorOf = (id: string) => errors.value.find((error) => error.id === id)?.text
  return { entry, errors, errorOf, submit, busy, problem }
}
