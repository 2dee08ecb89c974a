import { afterEach, describe, expect, it, vi } from 'vitest'
import { listReady, listTasks, searchCases, type TaskQuery } from './staff.api'

const ALL: TaskQuery = { view: 'all', item: '', stage: 'review', channel: '', from: '', to: '', query: '', order: 'due' }

interface Sent { method: string; url: string; body: unknown }

async function sentBy(act: () => Promise<unknown>): Promise<Sent> {
  const fetched = vi.fn(async (_url: string, _init: RequestInit) => new Response('{"rows":[]}', { status: 200 }))
  vi.stubGlobal('fetch', fetched)
  await act()
  const [url, init] = fetched.mock.calls[0] ?? ['', {}]
  return { method: init.method ?? '', url, body: init.body ? JSON.parse(String(init.body)) : undefined }
}

afterEach(() => vi.unstubAllGlobals())

describe('searches for people', () => {
  it('send a name in the body and never in the address', async () => {
    for (const act of [
      () => listTasks({ ...ALL, query: ' 王秀兰 ' }, 'c1'),
      () => searchCases('王秀兰', 'c1'),
      () => listReady('王秀兰', 'c1')
    ]) {
      const sent = await sentBy(act)
      expect(sent.method).toBe('POST')
      expect(sent.url).not.toContain('?')
      expect(sent.body).toMatchObject({ query: '王秀兰' })
    }
  })

  it('send of the filters what was chosen', async () => {
    const sent = await sentBy(() => listTasks({ ...ALL, query: '王' }))
    expect(sent.body).toEqual({ query: '王', filter: { view: 'all', stage: 'review', order: 'due', limit: 100 } })
  })

  it('are lists where nothing is looked for', async () => {
    const tasks = await sentBy(() => listTasks(ALL))
    expect([tasks.method, tasks.url]).toEqual(['GET', '/api/v1/tasks?view=all&stage=review&order=due&limit=100'])
    expect((await sentBy(() => listReady(' '))).url).toBe('/api/v1/delivery')
  })
})
