import { claim } from './applications'
import { expect, inspect, test } from './fixtures'

test.use({ viewport: { width: 1440, height: 900 } })

test('a claim goes through four people, the page follows, and the result arrives as a message', async ({ page, enter, staff }) => {
  await enter('person-1')
  const id = await claim(page, '13800000001')
  await inspect(page, 'benefit-submitted')
  await page.getByRole('link', { name: '看进度' }).click()
  await expect(page.getByRole('heading', { name: '办理经过' })).toBeVisible()

  await (await staff('zhoumin')).act(id, 'pre-pass', {}, 'RECEIVED')
  await (await staff('zhoumin')).act(id, 'accept', {}, 'REVIEWING')
  await expect(page.getByText('已受理，开始计时')).toBeVisible()
  await inspect(page, 'benefit-accepted')
  await (await staff('linfang')).act(id, 'review', { proposal: 'grant', opinion: '缴费 76 个月，合同到期，已登记失业。建议准予。', basis: '社会保险法第四十五条' }, 'DECIDING')
  await (await staff('maxingyuan')).act(id, 'decide', { outcome: 'grant', opinion: '同意。' }, 'DELIVERED')
  await expect(page.locator('.tag', { hasText: '已送达' })).toBeVisible()
  await inspect(page, 'benefit-delivered')

  const code = (await page.locator('.codes dd').allTextContents()).map((text) => text.trim())
  await page.goto('/messages')
  await expect(page.getByText('已准予：失业保险金申领', { exact: true })).toBeVisible()
  await inspect(page, 'messages')
  await page.getByRole('link', { name: /看文书/ }).first().click()
  await expect(page.getByRole('article')).toBeVisible()
  await inspect(page, 'benefit-notice')

  await page.goto('/progress')
  await page.getByLabel('办件编号').fill(code[0] ?? '')
  await page.getByLabel('查询码').fill((code[1] ?? '').toLowerCase())
  await page.getByRole('button', { name: '查进度' }).click()
  await expect(page.getByRole('heading', { name: '失业保险金申领' })).toBeVisible()
  await inspect(page, 'progress')
})

test('what the window finds is told at once; amended or insisted upon, and withdrawn', async ({ page, enter, staff }) => {
  await enter('person-10')
  const id = await claim(page, '13800000010')
  const window = await staff('zhoumin')
  await window.act(id, 'pre-return', { lines: [{ field: 'mobile', defect: '手机号打不通', how_to_fix: '请填写能打通的号码' }] }, 'PRE_RETURNED')
  await page.goto(`/cases/${id}`)
  await expect(page.getByRole('heading', { name: '请修改后再提交' })).toBeVisible()
  await expect(page.getByText('手机号打不通')).toBeVisible()
  await inspect(page, 'pre-returned')
  await page.getByRole('button', { name: '坚持提交' }).click()
  await inspect(page, 'insist')
  await page.getByRole('dialog').getByRole('button', { name: '坚持提交' }).click()
  await expect(page.getByText('已收件').first()).toBeVisible()

  await window.act(id, 'correct', { lines: [{ field: 'mobile', defect: '手机号打不通', how_to_fix: '请填写能打通的号码' }] }, 'CORRECTING')
  await expect(page.getByRole('heading', { name: '请您补充这些' })).toBeVisible()
  await inspect(page, 'correcting')
  await page.getByLabel('手机号').fill('13800000110')
  await page.getByRole('button', { name: '补好了' }).click()
  await expect(page.locator('.tag', { hasText: '补正已提交' })).toBeVisible()

  await page.getByRole('button', { name: '撤回申请' }).click()
  await inspect(page, 'withdraw')
  await page.getByRole('dialog').getByRole('button', { name: '撤回申请' }).click()
  await expect(page.locator('.tag', { hasText: '已撤回' })).toBeVisible()
  await inspect(page, 'withdrawn')
})
