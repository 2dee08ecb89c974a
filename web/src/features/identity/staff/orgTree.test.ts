import { describe, expect, it } from 'vitest'
import { ofAgency, orgTree } from './orgTree'

const row = (path: string, parent?: string) => ({ path, name: path, parent })

describe('tree of organisations', () => {
  it('puts each organisation below its parent, whatever the order', () => {
    const tree = orgTree([row('180100/insurance/unemployment', '180100/insurance'), row('180100'), row('180100/hall', '180100'), row('180100/insurance', '180100')])
    expect(tree.map((node) => [node.path, node.depth])).toEqual([['180100', 0], ['180100/hall', 1], ['180100/insurance', 1], ['180100/insurance/unemployment', 2]])
  })

  it('leaves out other agencies, also one whose number begins alike', () => {
    const rows = [row('180100'), row('180100/hall'), row('180102'), row('180102/hall'), row('1801001')]
    expect(ofAgency(rows, '180100').map((one) => one.path)).toEqual(['180100', '180100/hall'])
  })

  it('finds parents by path where none is told, and keeps what the caller may see only in part', () => {
    expect(orgTree([row('180102/hall'), row('180100'), row('180100/hall')]).map((node) => [node.path, node.depth])).toEqual([['180102/hall', 0], ['180100', 0], ['180100/hall', 1]])
  })
})
