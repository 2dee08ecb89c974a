import { describe, expect, it } from 'vitest'
import type { StandardRow } from '@/shared/api'
import { partOf, partsOf, standardsIn } from './standards'

const row = (code: string, more: Partial<StandardRow> = {}): StandardRow => ({
  code, name: { zh: `事项 ${code}`, en: `Item ${code}` }, domain: '社保', general: false, edition: 1, effective: '2026-01-01', suspended: null, waiting: [], ...more
})
const rows = [
  row('SB-001'), row('SB-002', { waiting: ['draft'] }), row('SB-003', { suspended: { reason: '系统升级', until: null } }), row('SB-004', { edition: null, effective: null })
]
const codes = (view: Parameters<typeof standardsIn>[1], text = '') => standardsIn(rows, view, text).map((one) => one.code)

describe('standards', () => {
  it('are sorted into views', () => {
    expect(codes('all')).toHaveLength(4)
    expect(codes('waiting')).toEqual(['SB-002'])
    expect(codes('suspended')).toEqual(['SB-003'])
    expect(codes('ended')).toEqual(['SB-004'])
  })
  it('are found by code and by name in both languages', () => {
    expect(codes('all', 'sb-003')).toEqual(['SB-003'])
    expect(codes('all', '事项 SB-001')).toEqual(['SB-001'])
    expect(codes('all', 'item sb-004 ')).toEqual(['SB-004'])
  })
  it('differ in parts that have a name', () => {
    expect(partOf('materials[m2].name.zh')).toBe('materials')
    expect(partOf('limits.promised.n')).toBe('limits')
    expect(partOf('flow[review]')).toBe('flow')
  })
  it('say what they say part by part, in the order in which the parts are named', () => {
    const said = (place: string) => ({ place, texts: ['x'] })
    const parts = partsOf([said('fee'), said('limits.promised.n'), said('limits.promised.unit'), said('zzz')], ['limits', 'fee'])
    expect(parts.map(({ part, rows }) => [part, rows.length])).toEqual([['limits', 2], ['fee', 1], ['zzz', 1]])
  })
})
