import { describe, expect, it } from 'vitest'
import type { Board, Choices } from '@/shared/api'
import { addressOf, besideInWords, daysInWords, daysOfFile, filterInWords, filterOf, isIncomplete, monthsInWords, orgInWords } from './filter'

describe('the filter in the address', () => {
  it('comes back as it was said, and nothing else does', () => {
    const address = { period: 'own', from: '2026-11-01', to: '2026-11-05', item: 'JY-009', channel: 'window' }
    expect(filterOf({ ...address, other: 'x', org: '' })).toEqual(address)
    expect(addressOf(address)).toEqual(address)
  })

  it('says the usual period by saying nothing, and days only of one\'s own', () => {
    expect(addressOf({ period: '30', from: '2026-11-01', to: '2026-11-05' })).toEqual({})
    expect(addressOf({ period: '7', from: '2026-11-01' })).toEqual({ period: '7' })
  })

  it('waits for both days', () => {
    expect(isIncomplete({ period: 'own', from: '2026-11-01' })).toBe(true)
    expect(isIncomplete({ period: '7' })).toBe(false)
  })
})

describe('the filter in words', () => {
  const board = { from: '2025-11-01', to: '2025-11-30', whole_city: true } as Board
  const name = (zh: string) => ({ zh, en: zh })
  const choices: Choices = { items: [{ item: 'JY-009', name: name('失业登记'), domain: '就业' }], bureaus: [{ org: '180102', name: name('东城区') }], orgs: [], halls: [{ org: '180102/hall', name: name('服务大厅') }] }

  it('names days, place, item and channel', () => {
    expect(filterInWords({}, board)).toBe('2025 年 11 月 1 日至 2025 年 11 月 30 日，全市')
    expect(filterInWords({ item: 'JY-009', bureau: '180102', channel: 'window' }, { ...board, whole_city: false }, choices)).toContain('，东城区，失业登记，窗口')
    expect(filterInWords({ hall: '180102/hall' }, board, choices)).toContain('，全市，服务大厅')
    expect(daysInWords('2025-11-01', '2025-11-01')).toBe('2025 年 11 月 1 日')
    expect(filterInWords({}, board, choices, daysOfFile)).toBe('2025-11-01 至 2025-11-30，全市')
  })

  it('tells apart what bears the same name', () => {
    expect(orgInWords('180102/hall', '服务大厅', true, choices.bureaus)).toBe('服务大厅（东城区）')
    expect(orgInWords('180102/hall', '服务大厅', false, choices.bureaus)).toBe('服务大厅')
  })

  it('names the period before as its period has it', () => {
    expect([{}, { period: '7' }, { period: 'today' }, { period: 'month' }].map(besideInWords)).toEqual(['前 30 天', '前 7 天', '上周同日', '上月同期'])
  })

  it('names months', () => {
    expect(monthsInWords('2025-10-01', '2025-10-31')).toBe('2025 年 10 月')
    expect(monthsInWords('2025-09-01', '2025-10-31')).toBe('2025 年 9 月至 2025 年 10 月')
  })
})
