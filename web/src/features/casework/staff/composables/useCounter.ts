import { computed, ref, shallowRef } from 'vue'
import { asProblem, useAction, type ApiProblem, type ItemRow } from '@/shared/api'
import { announce } from '@/shared/ui'
import { t } from '../locales/counter'
import { emptyParty, partyBody, partyFaults, partyOf, type PartyDraft, type PartyFaults } from '../party'
import { dropDraft, findStaffCase, startCounterCase } from '../staff.api'

/** What the counter knows of the item that somebody came for. */
export type CounterItem = Pick<ItemRow, 'code' | 'name' | 'applicants'>

export type CounterStep = 'item' | 'party' | 'fill' | 'papers' | 'read' | 'done'
export const COUNTER_STEPS: readonly CounterStep[] = ['item', 'party', 'fill', 'papers', 'read', 'done']

/** One person at the window, from the choice of the item to the receipt. */
export function useCounter() {
  const step = ref<CounterStep>('item')
  const item = shallowRef<CounterItem>()
  const party = ref<PartyDraft>(emptyParty())
  const faults = ref<PartyFaults>({})
  /** The draft while it is filled in. */
  const draft = ref<string>()
  /** The case once it is received. */
  const received = ref<string>()
  /** Why a draft that is not wanted any more is still there. */
  const dropProblem = shallowRef<ApiProblem>()
  /** Nothing is to be collected: the step of the papers is passed over. */
  const paperless = ref(false)
  const at = computed(() => COUNTER_STEPS.indexOf(step.value))

  const begin = useAction(async (key) => {
    if (!item.value) return
    draft.value = (await startCounterCase(partyBody(item.value.code, party.value), key)).case_id
    step.value = 'fill'
  })

  /** Goes on with a draft that was begun before: after a reload, or from the list of those not received. */
  async function resume(caseId: string): Promise<void> {
    const found = await findStaffCase(caseId).catch(() => undefined)
    if (found?.state !== 'DRAFT' || draft.value) return
    party.value = partyOf(found)
    item.value = { code: found.item, name: found.name, applicants: [party.value.kind] }
    draft.value = caseId
    step.value = 'fill'
  }

  function choose(chosen: ItemRow): void {
    item.value = chosen
    if (!chosen.applicants.includes(party.value.kind)) party.value = emptyParty(chosen)
    step.value = 'party'
  }

  async function identify(): Promise<void> {
    faults.value = partyFaults(party.value)
    if (!Object.keys(faults.value).length) await begin.run()
  }

  /** Back to a step that is done; another item or person gives up the draft. */
  async function goBack(to: CounterStep): Promise<void> {
    if (received.value || COUNTER_STEPS.indexOf(to) >= at.value) return
    if (to === 'papers' && paperless.value) return
    if ((to === 'item' || to === 'party') && !await giveUp()) return
    step.value = to
  }

  /** Deletes the draft. While nobody answers it stays on the page: no clerk would find it again. */
  async function giveUp(): Promise<boolean> {
    dropProblem.value = undefined
    if (!draft.value) return true
    try {
      await dropDraft(draft.value)
    } catch (cause) {
      const problem = asProblem(cause)
      if (problem.kind === 'signed_out') return false
      if (problem.isUnanswered) {
        dropProblem.value = problem
        return false
      }
    }
    draft.value = undefined
    paperless.value = false
    return true
  }

  function finish(caseId: string): void {
    received.value = caseId
    step.value = 'done'
  }

  /** Nothing of the last person stays on the page. */
  async function reset(): Promise<boolean> {
    if (!received.value && !await giveUp()) return false
    step.value = 'item'
    item.value = undefined
    party.value = emptyParty()
    faults.value = {}
    draft.value = undefined
    paperless.value = false
    received.value = undefined
    begin.problem.value = undefined
    return true
  }

  async function next(): Promise<void> {
    if (await reset()) announce(t.steps.nextPlease)
  }

  return { step, at, item, party, faults, draft, paperless, received, dropProblem, begin, resume, choose, identify, goBack, finish, reset, next }
}

export type Counter = ReturnType<typeof useCounter>
