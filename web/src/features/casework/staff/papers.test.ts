import { describe, expect, it } from 'vitest'
import type { MaterialSlot } from '@/shared/api'
import { layout, papersOf, turned, whole, zoomed } from './papers'

describe('papers', () => {
  it('are read in the order of their materials', () => {
    const slot = (zh: string, ...names: string[]) => ({ name: { zh, en: '' }, files: names.map((name) => ({ name })) }) as unknown as MaterialSlot
    const papers = papersOf([slot('身份证', 'a', 'b'), slot('证明'), slot('章程', 'c')])
    expect(papers.map(({ file, material }) => `${material} ${file.name}`)).toEqual(['身份证 a', '身份证 b', '章程 c'])
  })
})

describe('a picture', () => {
  const photo = { width: 3000, height: 2000 }

  it('fills the width of its frame, and is not blown up', () => {
    expect(layout(whole, photo, 600)).toEqual({ width: 600, height: 400, across: 600, down: 400 })
    expect(layout(whole, { width: 300, height: 200 }, 600)).toMatchObject({ across: 300, down: 200 })
  })

  it('takes the room of its other side when it is turned', () => {
    const lying = turned(whole, 90)
    expect(layout(lying, photo, 600)).toEqual({ width: 900, height: 600, across: 600, down: 900 })
    expect(turned(turned(lying, 90), -90)).toEqual(lying)
    expect(turned(whole, -90).turn).toBe(270)
  })

  it('is enlarged step by step within bounds', () => {
    expect(layout(zoomed(whole, 1), photo, 600).width).toBe(750)
    let sight = whole
    for (let step = 0; step < 50; step += 1) sight = zoomed(sight, 1)
    expect(sight.zoom).toBe(6)
    for (let step = 0; step < 50; step += 1) sight = zoomed(sight, -1)
    expect(sight.zoom).toBe(0.25)
  })
})
