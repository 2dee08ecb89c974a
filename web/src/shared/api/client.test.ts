import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { api, apiUrl, call, newKey, onSignedOut, setSurface } from './client'
import { ApiProblem } from './problem'

type Sent = { url: string; init: RequestInit & { headers: Record<string, string> } }
let sent: Sent[] = []

function answer(status: number, body?: unknown, headers: Record<string, string> = {}): void {
  vi.stubGlobal('fetch', vi.fn(async (url: string, init: Sent['init']) => {
    sent.push({ url, init })
    return new Response(body === undefined ? null : JSON.stringify(body), { status, headers })
  }))
}

beforeEach(() => { sent = [] })
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
  setSurface('portal')
})

describe('the client', () => {
  it('says which surface asks, and gives writes a key and a version', async () => {
    answer(200, { ok: true })
    setSurface('workbench')
    await api.get('/items', { query: '失业', applicant: '', limit: 20 })
    await api.put('/cases/case_1/form', { data: {} }, { version: 7, key: 'k-12345678' })
    expect(sent[0]?.url).toBe('/api/v1/items?query=%E5%A4%B1%E4%B8%9A&limit=20')
    expect(sent[0]?.init.headers['X-Yici-Surface']).toBe('workbench')
    expect(sent[0]?.init.headers['Idempotency-Key']).toBeUndefined()
    expect(sent[1]?.init.headers).toMatchObject({ 'Idempotency-Key': 'k-12345678', 'If-Match': '"7"', 'Content-Type': 'application/json' })
  })

  it('makes a fresh key of allowed letters for each action', () => {
    expect(newKey()).toMatch(/^[A-Za-z0-9_-]{8,64}$/)
    expect(newKey()).not.toBe(newKey())
  })

  it('tells the version of an answer', async () => {
    answer(200, {}, { ETag: '"12"' })
    expect((await call('GET', '/cases/case_1')).version).toBe(12)
  })

  it('accepts an answer without a body', async () => {
    answer(204)
    await expect(api.delete('/session')).resolves.toBeUndefined()
  })

  it('turns a problem document into a typed problem', async () => {
    answer(422, { code: 'E1300', title: '还有地方要改', detail: '', request_id: 'req_1', faults: [{ pointer: '/form/mobile', code: 'E1028', title: '手机号不对' }] })
    const problem = await api.post('/cases/case_1/submit').catch((cause: unknown) => cause)
    expect(problem).toBeInstanceOf(ApiProblem)
    expect(problem).toMatchObject({ kind: 'refused', code: 'E1300', status: 422, requestId: 'req_1', faults: [{ pointer: '/form/mobile' }] })
  })

  it('carries the case that stands in the way', async () => {
    answer(409, { code: 'E1205', title: '', detail: '', case_id: 'case_7' })
    await expect(api.post('/cases', { item: 'JY-009' })).rejects.toMatchObject({ caseId: 'case_7', retryAt: undefined })
  })

  it('knows from when on a refused call has a chance', async () => {
    vi.useFakeTimers({ now: Date.UTC(2026, 10, 23, 2) })
    answer(429, { code: 'E1232', title: '', detail: '' }, { 'Retry-After': '840' })
    await expect(api.post('/progress-queries')).rejects.toMatchObject({ retryAt: Date.UTC(2026, 10, 23, 2, 14) })
  })

  it.each([[401, 'signed_out'], [403, 'forbidden'], [404, 'missing'], [409, 'conflict'], [412, 'conflict'], [429, 'busy'], [500, 'broken'], [503, 'busy']])('%i means %s', async (status, kind) => {
    answer(status, 'no json object')
    await expect(api.get('/x')).rejects.toMatchObject({ kind, status })
  })

  it('tells once that the session has ended, but not when the question was about the session', async () => {
    answer(401, {})
    const listener = vi.fn()
    const stop = onSignedOut(listener)
    await api.get('/session', undefined, { quiet: true }).catch(() => undefined)
    expect(listener).not.toHaveBeenCalled()
    await api.get('/my/cases').catch(() => undefined)
    expect(listener).toHaveBeenCalledOnce()
    stop()
  })

  it('tells offline from too slow', async () => {
    vi.stubGlobal('fetch', vi.fn(() => Promise.reject(new TypeError('failed'))))
    await expect(api.get('/x')).rejects.toMatchObject({ kind: 'offline', isUnanswered: true })
    vi.useFakeTimers()
    vi.stubGlobal('fetch', vi.fn((_: string, init: RequestInit) => new Promise((_resolve, reject) => init.signal?.addEventListener('abort', () => reject(new Error('aborted'))))))
    const slow = expect(api.get('/x')).rejects.toMatchObject({ kind: 'timeout', isUnanswered: true })
    await vi.advanceTimersByTimeAsync(20_000)
    await slow
  })

  it('takes a file as it is made, under its name, and only when it came whole', async () => {
    const pieces = (broken: boolean) => new ReadableStream<Uint8Array>({
      start(stream) {
        stream.enqueue(new Uint8Array([1, 2]))
        stream.enqueue(new Uint8Array([3]))
        if (broken) stream.error(new TypeError('gone'))
        else stream.close()
      }
    })
    const serve = (broken: boolean) => vi.stubGlobal('fetch', vi.fn(async () => new Response(pieces(broken), { headers: { 'Content-Disposition': 'attachment; filename="cases.xlsx"' } })))
    const seen: number[] = []
    serve(false)
    const { file, name } = await api.download('/x', {}, { onProgress: (bytes) => seen.push(bytes) })
    expect([file.size, name, seen]).toEqual([3, 'cases.xlsx', [2, 3]])
    serve(true)
    await expect(api.download('/x')).rejects.toMatchObject({ kind: 'offline' })
    answer(422, { code: 'E1061', title: '清单太长，不能导出' })
    await expect(api.download('/x')).rejects.toMatchObject({ code: 'E1061' })
  })

  it('leaves out empty parts of a query', () => {
    expect(apiUrl('/tasks', { a: '', b: null, c: undefined, d: 0, e: false })).toBe('/api/v1/tasks?d=0&e=false')
  })
})
