import type { StaffCase } from '@/shared/api'
import { pick } from '@/shared/locales'
import { record } from './locales/record'

/** One box of the drawing of the flow as a row of the list below it. */
export interface FlowRow { id: string; name: string; state: 'done' | 'now' | 'todo' | 'never'; at?: string | null }
type Shown = Pick<StaffCase, 'flow' | 'steps' | 'timeline' | 'received_at'>

const TASKS = ['userTask', 'serviceTask', 'businessRuleTask']
/** By stage, service or kind of a box: what of the history tells that it is done, by kind and, where several share one, by title. */
const TOLD: Record<string, string[]> = {
  intake: ['case.accepted', 'case.not_accepted', 'case.not_required'], review: [record.reviewed], second_review: [record.reviewedAgain],
  site_check: ['case.site_checked'], decide: ['case.granted', 'case.denied', 'case.returned_to_review'], make: ['case.made'], hand_out: ['case.delivered'],
  issue_result: ['case.granted', 'case.denied'], serve_electronically: ['case.delivered'], businessRuleTask: ['case.checked']
}

/** The boxes of the drawing in its order and with its states, so that list and drawing never differ. */
export function flowRows(shown: Shown): FlowRow[] {
  const nodes = [...new DOMParser().parseFromString(shown.flow.xml, 'text/xml').getElementsByTagName('*')]
  const { done, now } = shown.flow
  const ahead = reachable(nodes, now)
  const rows = nodes.filter((node) => isListed(node, shown)).map<FlowRow>((node) => {
    const id = idOf(node)
    const state = now.includes(id) ? 'now' : done.includes(id) ? 'done' : ahead.has(id) || !done.length ? 'todo' : 'never'
    return { id, name: node.getAttribute('name') ?? id, state, at: state === 'done' ? timeOf(node, shown) : undefined }
  })
  return rows.length ? rows : shown.steps.map((step) => ({ id: step.name.zh, name: pick(step.name), state: step.state, at: step.at }))
}

/** Where the case began, what is to be done, how it ended; and wherever it stands, whatever that is. */
function isListed(node: Element, { flow }: Shown): boolean {
  const id = idOf(node)
  return TASKS.includes(node.localName) || node.localName === 'startEvent' || (node.localName === 'endEvent' && flow.done.includes(id)) || flow.now.includes(id)
}

/** What can still come from where the case stands; the rest of a flow with branches is passed by. */
function reachable(nodes: Element[], from: string[]): Set<string> {
  const flows = nodes.filter((node) => node.localName === 'sequenceFlow')
  const found = new Set(from)
  for (const id of found) flows.filter((flow) => flow.getAttribute('sourceRef') === id).forEach((flow) => found.add(flow.getAttribute('targetRef') ?? ''))
  return found
}

function timeOf(node: Element, { timeline, received_at: received }: Shown): string | null | undefined {
  if (node.localName === 'startEvent') return received
  const told = TOLD[node.getAttribute('yici:stage') ?? node.getAttribute('yici:service') ?? node.localName] ?? []
  return timeline.find((entry) => told.includes(entry.kind) || told.includes(entry.title.zh))?.at
}

function idOf(node: Element): string {
  return node.getAttribute('id') ?? ''
}
