import type { Page } from '@playwright/test'
import type { Api } from './api'
import { claim } from './applications'
import { expect, inspect, test } from './fixtures'

test.use({ viewport: { width: 390, height: 844 } })

const LINES = [{ field: 'mobile', defect: '手机号打不通', how_to_fix: '请填写能打通的号码' }]
const WORDS = { reason: '您不是在本市参保，不归本局办理。', basis: '社会保险法第五十二条', instead: '请向最后参保地的经办机构申请。' }

/** A page on a phone as everybody sees it, and in large print; what is typed stays. */
async function inspectBoth(page: Page, state: string): Promise<void> {
  await inspect(page, state)
  await page.getByRole('button', { name: '长辈版' }).click()
  await inspect(page, `${state}-elder`)
  await page.getByRole('button', { name: '返回标准版' }).click()
}

/** Opens a paper of a case by its title, from the page of the case. */
async function openPaper(page: Page, id: string, title: string): Promise<void> {
  const listed = await page.request.get(`/api/v1/cases/${id}`, { headers: { 'X-Yici-Surface': 'portal' } })
  const { notices } = (await listed.json()) as { notices: { notice_id: string; title: { zh: string } }[] }
  const paper = notices.find((notice) => notice.title.zh === title)
  expect(paper, `${title} among ${notices.map((notice) => notice.title.zh).join('、')}`).toBeDefined()
  await page.goto(`/cases/${id}`)
  await page.locator(`a[href$="${paper?.notice_id ?? ''}"]`).first().click()
  await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible()
}

async function refuse(clerk: Api, manager: Api, id: string, kind: string, state: string): Promise<void> {
  await clerk.act(id, 'refuse-acceptance', { kind, ...WORDS })
  await manager.act(id, 'countersign-refusal', { answer: 'sign' }, state)
}

test('papers of a case that was returned, amended and withdrawn', async ({ page, enter, staff }) => {
  await enter('person-23')
  const id = await claim(page, '13800000027')
  const clerk = await staff('lijuan')
  await clerk.act(id, 'pre-return', { lines: LINES }, 'PRE_RETURNED')
  await page.goto(`/cases/${id}`)
  await expect(page.getByRole('heading', { name: '请修改后再提交' })).toBeVisible()
  await inspectBoth(page, 'paper-case-returned')
  await openPaper(page, id, '预审意见')
  await expect(page.getByRole('article')).toContainText('请填写能打通的号码')
  await inspectBoth(page, 'paper-pre-return')

  await page.goto(`/cases/${id}`)
  await page.getByRole('button', { name: '坚持提交' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '坚持提交' }).click()
  await expect(page.locator('.tag', { hasText: '已收件' })).toBeVisible()
  await clerk.act(id, 'correct', { lines: LINES }, 'CORRECTING')
  await page.reload()
  await expect(page.getByRole('heading', { name: '请您补充这些' })).toBeVisible()
  await inspectBoth(page, 'paper-case-correcting')
  await openPaper(page, id, '一次性补正告知书')
  await inspectBoth(page, 'paper-correction')

  await page.goto(`/cases/${id}`)
  await page.getByRole('button', { name: '撤回申请' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '撤回申请' }).click()
  await expect(page.locator('.tag', { hasText: '已撤回' })).toBeVisible()
  await openPaper(page, id, '撤回申请确认书')
  await inspectBoth(page, 'paper-withdrawal')
})

test('papers of a refusal of acceptance, and of a matter that needs none', async ({ page, enter, staff }) => {
  const clerk = await staff('lijuan'), manager = await staff('hezhen')
  await enter('person-7')
  const refused = await claim(page, '13800000008')
  await refuse(clerk, manager, refused, 'not_accepted', 'NOT_ACCEPTED')
  await openPaper(page, refused, '不予受理通知书')
  await expect(page.getByRole('article')).toContainText(/60 日内.*行政复议/)
  await expect(page.getByRole('article')).toContainText(WORDS.instead)
  await inspectBoth(page, 'paper-refusal')

  await enter('person-14')
  const needless = await claim(page, '13800000016')
  await refuse(clerk, manager, needless, 'not_required', 'NOT_REQUIRED')
  await openPaper(page, needless, '不需要办理告知书')
  await expect(page.getByRole('article')).toContainText(/依法不需要办理.*60 日内.*行政复议/)
  await inspectBoth(page, 'paper-not-required')
  await page.goto(`/cases/${needless}`)
  await inspectBoth(page, 'paper-case-not-required')
})

test('papers of what is granted, and its rating', async ({ page, enter, staff }) => {
  await enter('person-21')
  const id = await claim(page, '13800000025')
  await inspectBoth(page, 'paper-submitted')
  const clerk = await staff('lijuan')
  await clerk.act(id, 'pre-pass', {}, 'RECEIVED')
  await clerk.act(id, 'accept', {}, 'REVIEWING')
  await (await staff('gaoyuan')).act(id, 'review', { proposal: 'grant', opinion: '各项一致，建议准予。', basis: '社会保险法第四十五条' }, 'DECIDING')
  await (await staff('fanghui')).act(id, 'decide', { outcome: 'grant', opinion: '同意。' }, 'DELIVERED')
  await openPaper(page, id, '失业保险金核定决定书')
  await inspectBoth(page, 'paper-grant')
  await openPaper(page, id, '收件凭证')
  await expect(page.getByRole('article')).toContainText('查询码')
  await inspectBoth(page, 'paper-receipt')

  await page.goto(`/cases/${id}/rate`)
  await page.getByRole('button', { name: '提交评价' }).click()
  await inspectBoth(page, 'paper-rate-errors')
  await page.getByRole('radio', { name: /^不满意/ }).check()
  await expect(page.getByRole('group', { name: /说说原因/ })).toBeVisible()
  await inspectBoth(page, 'paper-rate')
  await page.getByRole('button', { name: '提交评价' }).click()
  await expect(page.getByRole('heading', { name: '谢谢您的评价' })).toBeVisible()
  await inspectBoth(page, 'paper-rated')
})
