import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { api, ApiProblem, tellSignedIn, type ComingFile } from '@/shared/api'
import { transfer, type Pause } from './transfer'

const KB = 1024
const upload = (offset: number, id = 'upload_1'): ComingFile => ({ upload_id: id, material: 'm1', name: 'a.pdf', bytes: 700 * KB, offset, part_bytes_max: 1024 * KB, expires_at: '2026-11-24T02:00:00Z' })
const file = new File([new Uint8Array(700 * KB)], 'a.pdf', { type: 'application/pdf' })

let online = true
let pauses: (Pause | undefined)[] = []
let sent: number[] = []
let abort = new AbortController()

function start() {
  return transfer({ caseId: 'case_1', material: 'm1', file, digest: 'd', signal: abort.signal, listener: {
    sent: (bytes) => sent.push(Math.round(bytes / KB)), paused: (pause) => pauses.push(pause), begun: () => undefined
  } })
}

/** A server that takes every part; `fail` says how the next ones end. */
function server(fail: (() => Error | undefined)[] = []) {
  let here = 0
  const part = vi.spyOn(api, 'part').mockImplementation(async (_path, offset, content) => {
    const failed = fail.shift()?.()
    if (failed) throw failed
    if (offset !== here) throw new ApiProblem('conflict', { code: 'E1050' })
    return (here += content.size)
  })
  const post = vi.spyOn(api, 'post').mockImplementation(async () => upload(here))
  const get = vi.spyOn(api, 'get').mockImplementation(async () => upload(here))
  return { part, post, get, jump: (to: number) => { here = to } }
}

beforeEach(() => {
  vi.useFakeTimers()
  online = true
  pauses = []
  sent = []
  abort = new AbortController()
  vi.spyOn(navigator, 'onLine', 'get').mockImplementation(() => online)
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('a transfer', () => {
  it('sends a file in parts that grow while the network is quick', async () => {
    const { part, post } = server()
    expect(await start()).toBe('/cases/case_1/uploads/upload_1')
    expect(part.mock.calls.map((call) => [call[1] / KB, call[2].size / KB])).toEqual([[0, 256], [256, 444]])
    expect(post.mock.calls[0]?.[1]).toEqual({ material: 'm1', name: 'a.pdf', bytes: 700 * KB, digest: 'd' })
    expect(sent.at(-1)).toBe(700)
    expect(pauses).toEqual([])
  })

  it('goes on where an earlier page was broken off', async () => {
    const { part, jump } = server()
    jump(300 * KB)
    await start()
    expect(part.mock.calls[0]?.[1]).toBe(300 * KB)
  })

  it('waits while the network is gone, and goes on by itself when it is back', async () => {
    const { part } = server([() => undefined, () => { online = false; return new ApiProblem('offline') }])
    const done = start()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(pauses).toEqual([{ why: 'offline' }])
    expect(part).toHaveBeenCalledTimes(2)
    online = true
    dispatchEvent(new Event('online'))
    await done
    expect(pauses.at(-1)).toBeUndefined()
    expect(part.mock.calls[2]?.[1]).toBe(256 * KB)
  })

  it('tries a bad network again, a little later each time', async () => {
    const bad = () => new ApiProblem('timeout')
    server([bad, bad, bad])
    const done = start()
    await vi.advanceTimersByTimeAsync(7_000)
    await done
    expect(pauses.filter(Boolean)).toEqual([{ why: 'weak', seconds: 1 }, { why: 'weak', seconds: 1 }, { why: 'weak', seconds: 1 }])
  })

  it('asks again from where on when an answer was lost, and does not send twice', async () => {
    const { part, get, jump } = server([() => { jump(256 * KB); return new ApiProblem('timeout') }])
    const done = start()
    await vi.advanceTimersByTimeAsync(1_000)
    await done
    expect(get).toHaveBeenCalledTimes(1)
    expect(part.mock.calls.map((call) => call[1] / KB)).toEqual([0, 256, 512])
  })

  it('follows another writer without a word', async () => {
    const { part, jump } = server([() => { jump(512 * KB); return new ApiProblem('conflict', { code: 'E1050' }) }])
    await start()
    expect(part.mock.calls.at(-1)?.[1]).toBe(512 * KB)
    expect(pauses).toEqual([])
  })

  it('begins anew when the server does not know it any more, but not for ever', async () => {
    const { post, get } = server([() => new ApiProblem('missing'), () => new ApiProblem('missing'), () => new ApiProblem('missing'), () => new ApiProblem('missing')])
    get.mockRejectedValue(new ApiProblem('missing'))
    await expect(start()).rejects.toMatchObject({ kind: 'missing' })
    expect(post).toHaveBeenCalledTimes(3)
  })

  it('waits for a new session', async () => {
    server([() => new ApiProblem('signed_out')])
    const done = start()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(pauses).toEqual([{ why: 'signed_out' }])
    tellSignedIn()
    await done
  })

  it('waits as long as a full server says', async () => {
    const { part } = server([() => new ApiProblem('busy', {}, Date.now() + 5_000)])
    const done = start()
    await vi.advanceTimersByTimeAsync(4_900)
    expect(part).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(200)
    await done
    expect(pauses[0]).toEqual({ why: 'crowded' })
  })

  it('ends at once when it is stopped, also while it waits', async () => {
    server([() => { online = false; return new ApiProblem('offline') }])
    const done = expect(start()).rejects.toMatchObject({ name: 'AbortError' })
    await vi.advanceTimersByTimeAsync(10)
    abort.abort()
    await done
  })

  it('does not repeat what is refused', async () => {
    const { post } = server()
    post.mockRejectedValue(new ApiProblem('refused', { code: 'E1055' }))
    await expect(start()).rejects.toMatchObject({ code: 'E1055' })
  })
})
