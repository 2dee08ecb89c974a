// Makes the pictures of the README against a running demo: `npm run pictures [-- ADDRESS]`.
import { chromium } from '@playwright/test'
import { randomUUID } from 'node:crypto'
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const BASE = (process.argv[2] ?? 'http://127.0.0.1:8080').replace(/\/$/, '')
const FOLDER = fileURLToPath(new URL('../../docs/images', import.meta.url))
const BYTES_MAX = 300 * 1024
const DESK = { width: 1440, height: 900 }, PHONE = { width: 390, height: 844 }
const CLAIM = 'SB-084'

const browser = await chromium.launch({
  executablePath: process.env.YICI_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])]
})

/** A page of its own browser, signed in as one of the people of the demo city. */
async function signedIn(ticket, viewport) {
  const context = await browser.newContext({ viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' })
  const caller = callerOf(context.request, ticket.startsWith('staff-') ? 'workbench' : 'portal')
  await caller.post('/session/provider', { provider: 'demo', ticket })
  return { page: await context.newPage(), caller }
}

function callerOf(request, surface) {
  const headers = () => ({ 'X-Yici-Surface': surface, 'Accept-Language': 'zh-CN', 'Idempotency-Key': randomUUID() })
  const told = async (answer) => {
    if (!answer.ok()) throw new Error(`${answer.url()}: ${answer.status()} ${await answer.text()}`)
    return answer.status() === 204 ? undefined : answer.json()
  }
  return {
    get: async (path) => told(await request.get(`${BASE}/api/v1${path}`, { headers: headers() })),
    post: async (path, data, version) => told(await request.post(`${BASE}/api/v1${path}`, { headers: { ...headers(), ...(version ? { 'If-Match': `"${version}"` } : {}) }, data }))
  }
}

async function picture(page, name) {
  await page.locator('.skeleton').first().waitFor({ state: 'hidden' })
  await page.evaluate(() => document.fonts.ready)
  const path = join(FOLDER, `${name}.png`)
  await page.screenshot({ path, animations: 'disabled' })
  const bytes = statSync(path).size
  console.log(`${name.padEnd(20)} ${Math.round(bytes / 1024)} KB`)
  if (bytes > BYTES_MAX) throw new Error(`${name}.png is larger than ${BYTES_MAX} bytes`)
}

/** The claim of the demo city's first person: the one under way, or a new one. */
async function openClaim({ page, caller }) {
  const open = (await caller.get('/my/cases?which=open')).rows.find((row) => row.item === CLAIM)
  if (open) return open.case_id
  await page.goto(`${BASE}/items/${CLAIM}/apply`)
  await page.waitForURL('**/apply/case_*')
  await page.getByLabel('手机号').fill('13800000001')
  await page.getByLabel('参保地').check()
  await page.getByLabel(/社会保障卡/).check()
  await page.getByLabel(/重新就业、参军/).check()
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByLabel(/我看过并同意/).check()
  await page.getByRole('button', { name: '提交申请' }).click()
  await page.getByRole('heading', { name: '提交好了' }).waitFor()
  return /case_\w+/.exec(page.url())[0]
}

/** Brings a submitted claim to the reviewer: accepted at the window, checked by the rules. */
async function accepted(id) {
  const { page, caller } = await signedIn('staff-zhoumin', DESK)
  const seen = await caller.get(`/workbench/cases/${id}`)
  if (seen.next.includes('accept')) await caller.post(`/cases/${id}/accept`, {}, seen.version)
  await page.context().close()
}

mkdirSync(FOLDER, { recursive: true })
try {
  const phone = await signedIn('person-4', PHONE)
  await phone.page.goto(`${BASE}/items/${CLAIM}/apply`)
  await phone.page.waitForURL('**/apply/case_*')
  await picture(phone.page, 'portal-apply-phone')

  const citizen = await signedIn('person-1', DESK)
  const id = await openClaim(citizen)
  await accepted(id)
  await citizen.page.goto(BASE)
  await citizen.page.getByRole('link', { name: '看进度' }).waitFor()
  await picture(citizen.page, 'portal-home')

  const reviewer = await signedIn('staff-linfang', DESK)
  await reviewer.page.goto(`${BASE}/workbench/cases/${id}`)
  await reviewer.page.getByRole('button', { name: '提交审查意见' }).waitFor()
  await picture(reviewer.page, 'workbench-case')

  const leader = await signedIn('staff-liushaohua', DESK)
  await leader.page.goto(`${BASE}/workbench/dashboard`)
  await leader.page.getByRole('img').first().waitFor()
  await picture(leader.page, 'dashboard')
} finally {
  await browser.close()
}
