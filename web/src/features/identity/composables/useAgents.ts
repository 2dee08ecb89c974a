import { reactive, ref, shallowRef } from 'vue'
import { api, useAction, useLoaded, type AgentRow, type List } from '@/shared/api'
import { checkCitizenNo } from '@/shared/format/citizenNo'
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

  async function submit(): Promise<void> {
    const number = checkCitizenNo(entry.citizen_no), words = t.signUp.errors
    errors.value = [
      ...(entry.name.trim() ? [] : [{ id: 'agent-name', text: words.name }]),
      ...(number === 'ok' ? [] : [{ id: 'agent-number', text: number === 'form' ? words.number : words.numberCheck }])
    ]
    if (!errors.value.length) await add.run()
  }

  const errorOf = (id: string) => errors.value.find((error) => error.id === id)?.text
  return { list, entry, errors, errorOf, add, submit, leaving, remove }
}
