import { afterEach, describe, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { useCaseViews } from './useCaseViews'

interface Sent { method: string; url: string; version: string | null; body: unknown }

/** A server that keeps views; the second answer to a change may be a conflict. */
function server(statuses: number[] = []): Sent[] {
  const sent: Sent[] = []
  vi.stubGlobal('fetch', vi.fn(async (url: string, init: RequestInit) => {
    const headers = new Headers(init.headers)
    sent.push({ method: init.method ?? 'GET', url, version: headers.get('If-Match'), body: init.body ? JSON.parse(String(init.body)) : undefined })
    if (init.method === 'PUT') {
      const status = statuses.shift() ?? 200
      return new Response(JSON.stringify(status === 200 ? { version: 5 } : { code: 'E1010' }), { status })
    }
    if (url.includes('/count')) return new Response('{"cases":7,"more":false}', { status: 200 })
    return new Response('{"views":[{"name":"工伤","filter":{"item":"SB-010"}}],"orgs":[],"may_export":true}', { status: 200, headers: { ETag: '"4"' } })
  }))
  return sent
}

const views = () => effectScope().run(() => useCaseViews())!
afterEach(() => vi.unstubAllGlobals())

describe('own views', () => {
  it('are kept as a whole under the version that was read', async () => {
    const sent = server()
    const mine = views()
    await mine.load()
    expect(await mine.keep([{ name: '我的', filter: { clock: 'soon' } }, ...mine.own.value])).toBe(true)
    expect(await mine.keep([])).toBe(true)
    const puts = sent.filter((one) => one.method === 'PUT')
    expect(puts.map((one) => one.version)).toEqual(['"4"', '"5"'])
    expect(puts[0]?.body).toEqual({ views: [{ name: '我的', filter: { clock: 'soon' } }, { name: '工伤', filter: { item: 'SB-010' } }] })
  })

  it('are read again when another window has changed them', async () => {
    server([409])
    const mine = views()
    await mine.load()
    expect(await mine.keep([])).toBe(false)
    expect(mine.own.value.map((view) => view.name)).toEqual(['工伤'])
    expect(mine.problem.value?.code).toBe('E1010')
  })

  it('are counted one after the other', async () => {
    const sent = server()
    const mine = views()
    await mine.count([{ name: 'a', filter: {} }, { name: 'b', filter: { clock: 'today' } }])
    expect(sent.map((one) => one.url)).toEqual(['/api/v1/workbench/cases/count', '/api/v1/workbench/cases/count?clock=today'])
    expect(mine.countOf({ clock: 'today', item: '' })?.cases).toBe(7)
  })
})
