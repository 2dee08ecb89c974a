import { describe, expect, it } from 'vitest'
import { toCsv } from './csv'

describe('a table as a file', () => {
  it('begins with the mark of UTF-8 and quotes what needs it', () => {
    expect(toCsv(['事项', '受理'], [['失业登记', 12], ['甲,乙"丙"', 0]])).toBe('\uFEFF事项,受理\r\n失业登记,12\r\n"甲,乙""丙""",0\r\n')
  })

  it('lets no text become a formula, and leaves numbers alone', () => {
    expect(toCsv(['名'], [['=1+1'], ['@SUM(A1)'], ['-甲'], [-3]])).toBe("\uFEFF名\r\n'=1+1\r\n'@SUM(A1)\r\n'-甲\r\n-3\r\n")
  })
})
