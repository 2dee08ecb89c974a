import { randomBytes } from 'node:crypto'
import type { Page } from '@playwright/test'
import { PDF, PNG } from './applications'
import { expect, inspect, test } from './fixtures'

test.use({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, provokes: ['offline'] })

/** A scan that goes in several parts. */
const scan = { name: '验资报告.pdf', mimeType: 'application/pdf', buffer: Buffer.concat([PDF, randomBytes(3_000_000)]) }

/** Where the parts began that were sent from now on. */
function partsOf(page: Page): number[] {
  const offsets: number[] = []
  page.on('request', (request) => { if (request.method() === 'PATCH') offsets.push(Number(request.headers()['upload-offset'])) })
  return offsets
}

/** Before the part of this number is sent, something happens to it. */
async function atPart(page: Page, number: number, happens: () => Promise<void>): Promise<void> {
  let count = 0
  await page.route('**/uploads/upload_*', async (route) => {
    if (route.request().method() !== 'PATCH' || (count += 1) !== number) return route.continue()
    await happens()
    await route.abort('internetdisconnected')
  })
}

test('a large paper goes on by itself after the network was gone, and after the page was closed', async ({ page, context, enter }) => {
  await enter('person-15')
  await page.goto('/')
  await page.getByRole('button', { name: /换一个身份/ }).click()
  await page.getByLabel(/云帆/).check()
  await page.getByRole('button', { name: '就用这个身份' }).click()
  await expect(page.getByRole('dialog')).toBeHidden()
  await page.goto('/items/LD-001/apply')
  await page.waitForURL('**/apply/case_*')
  const paper = page.locator('#m-m3')
  const bar = page.getByRole('progressbar', { name: /验资报告.pdf/ })

  await atPart(page, 2, () => context.setOffline(true))
  const offsets = partsOf(page)
  await paper.setInputFiles(scan)
  await expect(page.getByText('网断了，连上后接着传').first()).toBeVisible()
  await expect(bar).toHaveAttribute('aria-valuetext', /已传 8%/)
  await context.setOffline(false)
  await expect(page.getByRole('link', { name: '验资报告.pdf' })).toBeVisible()
  await expect(bar).toBeHidden()
  expect(offsets.filter((offset) => offset === 0)).toHaveLength(1)
  await page.unroute('**/uploads/upload_*')
  await page.getByRole('button', { name: '删除文件 验资报告.pdf' }).click()
  await expect(page.getByRole('link', { name: '验资报告.pdf' })).toBeHidden()

  // The page is gone in the middle: the same file chosen again goes on.
  await atPart(page, 3, () => context.setOffline(true))
  await paper.setInputFiles(scan)
  await expect(page.getByText('网断了，连上后接着传').first()).toBeVisible()
  await inspect(page, 'upload-rests')
  await page.unroute('**/uploads/upload_*')
  await context.setOffline(false)
  page.on('dialog', (question) => void question.accept())
  await page.route('**/uploads/upload_*', (route) => (route.request().method() === 'PATCH' ? route.abort('internetdisconnected') : route.continue()))
  await page.reload()
  await expect(page.getByText(/验资报告.pdf 上次传了 \d+%，没有传完/)).toBeVisible()
  await inspect(page, 'upload-unfinished')
  await page.unroute('**/uploads/upload_*')
  const again = partsOf(page)
  await paper.setInputFiles(scan)
  await expect(page.getByRole('link', { name: '验资报告.pdf' })).toBeVisible()
  await expect(page.getByText(/没有传完/)).toBeHidden()
  expect(again[0]).toBeGreaterThan(0)

  await page.locator('#m-m4').setInputFiles([{ name: '一.png', mimeType: 'image/png', buffer: PNG }, { name: '二.png', mimeType: 'image/png', buffer: Buffer.concat([PNG, Buffer.from('2')]) }])
  await expect(page.getByRole('link', { name: '二.png' })).toBeVisible()
  await page.getByRole('button', { name: '往前移：二.png' }).click()
  await expect(page.locator('.files').filter({ hasText: '一.png' }).getByRole('link')).toHaveText(['二.png', '一.png'])
  await inspect(page, 'upload-files')
  await page.getByRole('button', { name: '不办了' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '删除' }).click()
  await expect(page.getByText('没有存着的申请')).toBeVisible()
})
