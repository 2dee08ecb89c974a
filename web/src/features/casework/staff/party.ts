import type { Form, FormData, ItemRow, StaffCase } from '@/shared/api'
import { checkCitizenNo } from '@/shared/format/citizenNo'
import { isLocked } from '../composables/formLogic'
import { t } from './locales/counter'
import type { CounterParty } from './staff.api'

/** Who stands at the window, as typed or read from a card. */
export interface PartyDraft { kind: 'person' | 'enterprise'; name: string; number: string; credit: string; agentOn: boolean; agentName: string; agentNumber: string }
export type PartyFaults = Partial<Record<'name' | 'number' | 'credit' | 'agentName' | 'agentNumber', string>>

export function emptyParty(item?: ItemRow): PartyDraft {
  const kind = item?.applicants[0] ?? 'person'
  return { kind, name: '', number: '', credit: '', agentOn: kind === 'enterprise', agentName: '', agentNumber: '' }
}

/** Who stands at the window in a draft that was begun before, as lists show him. */
export function partyOf({ applicant, agent }: Pick<StaffCase, 'applicant' | 'agent'>): PartyDraft {
  const who = { agentOn: Boolean(agent), agentName: agent?.name_masked ?? '', agentNumber: agent?.number_masked ?? '' }
  return applicant.kind === 'enterprise'
    ? { kind: 'enterprise', name: '', number: '', credit: applicant.number_masked, ...who }
    : { kind: 'person', name: applicant.name_masked, number: applicant.number_masked, credit: '', ...who }
}

/** What is missing or cannot be right; the server compares name and number with the register. */
export function partyFaults(party: PartyDraft): PartyFaults {
  const faults: PartyFaults = {}
  if (party.kind === 'person') {
    if (!party.name.trim()) faults.name = t.party.noName
    const fault = citizenFault(party.number)
    if (fault) faults.number = fault
  } else if (!isCreditCode(party.credit)) {
    faults.credit = party.credit.trim() ? t.party.badCredit : t.party.noCredit
  }
  if (party.kind === 'enterprise' || party.agentOn) {
    if (!party.agentName.trim()) faults.agentName = t.party.noName
    const fault = citizenFault(party.agentNumber)
    if (fault) faults.agentNumber = fault
  }
  return faults
}

/** The body of the request; only what applies is sent. */
export function partyBody(item: string, party: PartyDraft): CounterParty {
  const withAgent = party.kind === 'enterprise' || party.agentOn
  return {
    item,
    applicant: party.kind === 'person'
      ? { kind: 'person', name: party.name.trim(), citizen_no: plain(party.number) }
      : { kind: 'enterprise', credit_code: plain(party.credit) },
    ...(withAgent ? { agent: { name: party.agentName.trim(), citizen_no: plain(party.agentNumber) } } : {})
  }
}

/**
 * The applicant's own name and number as the clerk has typed them, by the fields that show them
 * masked: what is read aloud must be whole. Nothing after a reload, which leaves only the masked ones.
 */
export function typedFacts(party: PartyDraft, form: Form, facts: FormData): Record<string, string> {
  const typed = party.kind === 'person' ? [party.name.trim(), plain(party.number)] : []
  return Object.fromEntries(Object.entries(form.fields).flatMap(([key, field]) => {
    const whole = isLocked(field, key, facts) ? typed.find((text) => isMaskOf(facts[key], text)) : undefined
    return whole ? [[key, whole]] : []
  }))
}

/** Whether a value is this text with letters hidden in its middle or at its end. */
function isMaskOf(value: unknown, text: string): boolean {
  const letters = [...text], shown = typeof value === 'string' ? [...value] : []
  return shown.includes('*') && shown[0] !== '*' && shown.length === letters.length && shown.every((letter, at) => letter === '*' || letter === letters[at])
}

function plain(text: string): string {
  return text.replace(/\s/g, '').toUpperCase()
}

function citizenFault(text: string): string | undefined {
  if (!text.trim()) return t.party.noNumber
  const found = checkCitizenNo(plain(text))
  if (found === 'ok') return undefined
  return found === 'form' ? t.party.length : t.party.check
}

const CREDIT_LETTERS = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** Form and check character of a unified social credit code (GB 32100-2015). */
export function isCreditCode(text: string): boolean {
  const code = plain(text)
  if (!/^[0-9A-HJ-NPQRTUWXY]{18}$/.test(code)) return false
  let sum = 0, weight = 1
  for (const letter of code.slice(0, 17)) {
    sum += CREDIT_LETTERS.indexOf(letter) * weight
    weight = (weight * 3) % 31
  }
  return CREDIT_LETTERS[(31 - (sum % 31)) % 31] === code[17]
}
