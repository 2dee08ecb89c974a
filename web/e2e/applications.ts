import type { Page } from '@playwright/test'
import { expect } from './fixtures'

/** One page, as small as a PDF gets. */
export const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n')
/** One dot. */
export const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64')

/** Fills in the claim of an unemployment benefit up to the last button. */
export async function fillClaim(page: Page, mobile: string): Promise<void> {
  await page.goto('/items/SB-084/apply')
  await page.waitForURL('**/apply/case_*')
  await page.getByLabel('手机号').fill(mobile)
  await page.getByLabel('参保地').check()
  await page.getByLabel(/社会保障卡/).check()
  await page.getByLabel(/重新就业、参军/).check()
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByLabel(/我看过并同意/).check()
  await page.getByLabel('用电子方式送达').check()
}

/** Submits the claim; answers the case. */
export async function claim(page: Page, mobile: string): Promise<string> {
  await fillClaim(page, mobile)
  await page.getByRole('button', { name: '提交申请' }).click()
  await expect(page.getByRole('heading', { name: '提交好了' })).toBeVisible()
  return /case_\w+/.exec(page.url())?.[0] ?? ''
}

/** Registers somebody whose data the registers hold: granted at once. */
export async function register(page: Page, mobile: string): Promise<void> {
  await page.goto('/items/JY-009/apply')
  await page.waitForURL('**/apply/case_*')
  await page.getByLabel('现在住在哪里').fill('云川市西岭区铸锻路22号3栋402室')
  await page.getByLabel('手机号').fill(mobile)
  await page.getByLabel(/我有劳动能力/).check()
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByLabel(/我看过并同意/).check()
  await page.getByRole('button', { name: '提交申请' }).click()
  await expect(page.getByRole('heading', { name: '办好了' })).toBeVisible()
}

/** The number of a case, as its applicant reads it. */
export async function numberOf(page: Page, id: string): Promise<string> {
  await page.goto(`/cases/${id}`)
  return (await page.locator('.codes dd').first().innerText()).trim()
}
