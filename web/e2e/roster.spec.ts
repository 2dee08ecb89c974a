import type { Page } from '@playwright/test'
import { expect, inspect, test } from './fixtures'

test.use({ viewport: { width: 390, height: 844 } })

const PEOPLE = 300
const HEAD = ['职工姓名', '身份证号', '哪天开始上班', '从哪个月开始参保', '劳动合同', '月工资（元）', '职工手机号']
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** A citizen number with its check character, of somebody whom no register knows: of 20 to 45 years, so of an age to be insured. */
function numberOf(at: number): string {
  const head = `180102${new Date().getFullYear() - 45 + (at % 25)}${String(1 + (at % 12)).padStart(2, '0')}${String(1 + (at % 28)).padStart(2, '0')}${String(500 + Math.floor(at / 25))}`
  const sum = [...head].reduce((all, digit, place) => all + Number(digit) * (WEIGHTS[place] ?? 0), 0)
  return head + '10X98765432'[sum % 11]
}

/** A roster of which the second row has no name, the third a wrong number, and the last one is there twice. */
function roster(): string {
  const now = new Date()
  const month = `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, '0')}`
  const line = (at: number) => ['测试员' + (at % 7), numberOf(at), `${month}-01`, month, '固定期限', String(5000 + at), '']
  const rows = Array.from({ length: PEOPLE }, (_, at) => line(at))
  rows[1]![0] = ''
  rows[2]![1] = '180102197904120021'
  rows[PEOPLE - 1]![1] = numberOf(0)
  return [HEAD, ...rows].map((row) => row.join(',')).join('\n')
}

async function send(page: Page, name: string, content: string): Promise<void> {
  await page.getByLabel('选择填好的名册').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) })
}

test('an enterprise enrols hundreds with one roster: faults are told by row, all others are submitted at once', async ({ page, enter }) => {
  test.setTimeout(400_000)
  await enter('person-15')
  await page.goto('/items/SB-003')
  await inspect(page, 'roster-guide')
  await page.getByRole('link', { name: '用名册办' }).click()
  await inspect(page, 'roster-role')
  await page.getByRole('button', { name: /以云川市云帆人力资源有限公司的名义办/ }).click()
  await expect(page.getByRole('link', { name: '下载模板' })).toBeVisible()
  await inspect(page, 'roster-empty')

  await send(page, '错的.csv', '姓名,工号\n甲,1\n')
  await expect(page.getByRole('heading', { name: '表头和模板对不上' })).toBeVisible({ timeout: 60_000 })
  await inspect(page, 'roster-refused')
  await page.getByRole('link', { name: '改好后再传' }).click()

  await send(page, '三月新员工.csv', roster())
  const confirm = page.getByRole('button', { name: `确认提交 ${PEOPLE - 3} 人` })
  await expect(confirm).toBeVisible({ timeout: 120_000 })
  await expect(page.getByRole('heading', { name: '要改的 3 行' })).toBeVisible()
  await expect(page.getByRole('listitem').filter({ hasText: '第 3 行' })).toContainText('职工姓名')
  await expect(page.getByRole('listitem').filter({ hasText: '第 4 行' })).toContainText('180102197904120021')
  await expect(page.getByRole('listitem').filter({ hasText: `第 ${PEOPLE + 1} 行` })).toContainText('和第 2 行相同')
  await inspect(page, 'roster-checked')

  await confirm.click()
  const dialog = page.getByRole('dialog', { name: '确认提交' })
  await dialog.getByRole('button', { name: '提交' }).click()
  await expect(dialog.getByText('请先确认这一项').first()).toBeVisible()
  await inspect(page, 'roster-confirm')
  for (const box of await dialog.getByRole('checkbox').all()) await box.check()
  await dialog.getByRole('button', { name: '提交' }).click()
  await expect(dialog).toBeHidden()
  // Whoever leaves comes back to it.
  await page.goto('/rosters?item=SB-003')
  await page.getByRole('link', { name: '打开名册 三月新员工.csv' }).click()
  await expect(page.getByRole('heading', { name: '每个人的办件' })).toBeVisible({ timeout: 240_000 })
  await inspect(page, 'roster-finished')
  await page.getByRole('link', { name: /看 测\*.* 的办件/ }).first().click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('企业职工参保登记')
})
