import { describe, expect, it } from 'vitest'
import { mergeForms } from './formMerge'

describe('two changes of one form', () => {
  it('come together field by field', () => {
    const base = { a: '1', b: '1', c: '1', d: '1' }
    expect(mergeForms(base, { ...base, a: '2' }, { ...base, b: '2', c: undefined })).toEqual({ taken: { b: '2', c: undefined }, clashes: [] })
  })

  it('clash where both differ from before and from each other, emptied fields included', () => {
    expect(mergeForms({ a: '1', b: '1' }, { a: '2' }, { a: '3', b: '2' }).clashes).toEqual([{ field: 'a', mine: '2', theirs: '3' }, { field: 'b', mine: undefined, theirs: '2' }])
    expect(mergeForms({ a: '1' }, { a: '2' }, { a: '2' }).clashes).toEqual([])
  })

  it('compare rows whatever the order of their columns', () => {
    const base = { jobs: [{ employer: '甲', from: '2020' }] }
    expect(mergeForms(base, { jobs: [{ employer: '乙' }] }, { jobs: [{ from: '2020', employer: '甲' }] })).toEqual({ taken: {}, clashes: [] })
  })

  it('do not meet what was sent from here without an answer', () => {
    expect(mergeForms({ a: '1' }, { a: '123' }, { a: '12' }, { a: '12' })).toEqual({ taken: {}, clashes: [] })
  })
})
