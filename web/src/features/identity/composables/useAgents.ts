import { reactive, ref, shallowRef } from 'vue'
import { api, useAction, useLoaded, type AgentRow, type List } from '@/shared/api'
import { checkCitizenNo } from '@/shared/format/citizenNo'
import { retell } from '@/shared/locales/retell'
import { announce } from '@/shared/ui/announce'
import { t } from '../locales'

/** The people who may act for an enterprise. */
export function useAgents(employerId: string) {
  const path = `/employers/${employerId}/agents`
  const list = useLoaded((signal) => api.get<List<AgentRow>>(path, undefined, { signal }))
  const entry = reactive({ name: '', citizen_no: '' })
  const errors = ref<{ id: string; text: string }[]>([])
  const leaving = shallowRef<AgentRow>()

  const add = useAction(async (key) => {
    const name = entry.name.trim()
    await api.post(path, { name, citizen_no: entry.citizen_no.trim().toUpperCase() }, { key })
    Object.assign(entry, { name: '', citizen_no: '' })
    announce(t.agents.added(name))
    await list.reload()
  })
  const remove = useAction(async (key) => {
    if (!leaving.value) return
    await api.delete(`${path}/${leaving.value.person_id}`, { key })
    leaving.value = undefined
    announce(t.agents.removed)
    await list.reload()
  })

  function check(): { id: string; text: string }[] {
    const number = checkCitizenNo(entry.citizen_no), words = t.signUp.errors
    return [
      ...(entry.name.trim() ? [] : [{ id: 'agent-name', text: words.name }]),
      ...(number === 'ok' ? [] : [{ id: 'agent-number', text: number === 'form' ? words.number : words.numberCheck }])
    ]
  }
  retell(() => errors.value, check)

  async function submit(): Promise<void> {
    errors.value = check()
    if (!errors.value.length) await add.run()
  }

  const errorOf = (id: string) => errors.value.find((error) => error.id === id)?.text
  return { list, entry, errors, errorOf, add, submit, leaving, remove }
}
