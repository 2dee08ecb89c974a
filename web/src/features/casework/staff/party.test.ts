import { describe, expect, it } from 'vitest'
import type { Form } from '@/shared/api'
import { emptyParty, isCreditCode, partyBody, partyFaults, typedFacts } from './party'

const person = (more = {}) => ({ ...emptyParty(), name: '王芳', number: '11010519491231002X', ...more })

describe('who stands at the window', () => {
  it('needs name and number of a person, and no telephone', () => {
    expect(partyFaults(person())).toEqual({})
    expect(partyFaults(emptyParty())).toEqual({ name: '请填写姓名', number: '请填写身份证号' })
  })

  it('tells a short number from a wrong check digit', () => {
    expect(partyFaults(person({ number: '1101051949' })).number).toBe('身份证号应为 18 位')
    expect(partyFaults(person({ number: '110105194912310021' })).number).toContain('校验位')
  })

  it('takes a number with blanks and a small x, as a card reader or a hurried hand writes it', () => {
    const party = person({ number: ' 110105 19491231 002x ' })
    expect(partyFaults(party)).toEqual({})
    expect(partyBody('SB-084', party).applicant).toEqual({ kind: 'person', name: '王芳', citizen_no: '11010519491231002X' })
  })

  it('needs the agent of an enterprise', () => {
    const party = { ...emptyParty(), kind: 'enterprise' as const, credit: '91350100M000100Y43' }
    expect(Object.keys(partyFaults(party))).toEqual(['agentName', 'agentNumber'])
  })

  it('sends an agent only when there is one', () => {
    expect(partyBody('SB-084', person())).not.toHaveProperty('agent')
    expect(partyBody('SB-084', person({ agentOn: true, agentName: '李明', agentNumber: '11010519491231002X' })).agent?.name).toBe('李明')
  })

  it('reads out in full what it has typed itself, and nothing else that is masked', () => {
    const label = { zh: '', en: '' }
    const form = { fields: {
      name: { label, widget: 'text', locked: true }, number: { label, widget: 'citizen_no', locked: true },
      secret: { label, widget: 'text', locked: true }, partner: { label, widget: 'citizen_no' }
    } } as unknown as Form
    const facts = { name: '王*', number: '110105********002X', secret: '**' }
    expect(typedFacts(person({ number: '110105 19491231 002x' }), form, facts)).toEqual({ name: '王芳', number: '11010519491231002X' })
    expect(typedFacts(person({ name: '李明', number: '110105********002X' }), form, facts)).toEqual({ number: '110105********002X' })
    expect(typedFacts({ ...person(), kind: 'enterprise' }, form, facts)).toEqual({})
  })

  it('checks credit codes by their check character', () => {
    expect(isCreditCode('91350100M000100Y43')).toBe(true)
    expect(isCreditCode('91350100M000100Y44')).toBe(false)
    expect(isCreditCode('9135010')).toBe(false)
  })
})
