import type { Page } from '@playwright/test'
import { claim, numberOf, PDF, PNG } from './applications'
import { expect, inspect, test } from './fixtures'

test.use({ viewport: { width: 1440, height: 900 } })

/** Texts and hints in Chinese that nobody has marked as Chinese. */
async function chineseOn(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const chinese = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]/
    const found: string[] = []
    const note = (element: Element | null, text: string | null) => {
      if (element && text && chinese.test(text) && element.closest('[lang]')?.getAttribute('lang') === 'en' && element.checkVisibility()) found.push(text.trim())
    }
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = texts.nextNode(); node; node = texts.nextNode()) note(node.parentElement, node.nodeValue)
    for (const field of document.querySelectorAll('[placeholder]')) note(field, field.getAttribute('placeholder'))
    return found
  })
}

/** A page in English: as every page has to be, and no Chinese where it is not marked. */
async function inspectEnglish(page: Page, state: string): Promise<void> {
  await inspect(page, `en-${state}`)
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
  expect(await page.title()).not.toMatch(/[\u2e80-\u9fff]/)
  expect(await chineseOn(page), `Chinese: ${state}`).toEqual([])
}

/** Changes to English in the menu of who is signed in. */
async function toEnglish(page: Page): Promise<void> {
  await page.locator('button.who').click()
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await page.keyboard.press('Escape')
}

test('the language is chosen before signing in, remembered, and chosen back', async ({ page }) => {
  await page.goto('/workbench/sign-in')
  await expect(page).toHaveTitle('登录 | 人社经办工作台')
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByRole('heading', { name: 'Staff sign-in' })).toBeVisible()
  await expect(page).toHaveTitle('Sign in | HRSS workbench')
  await inspectEnglish(page, 'sign-in')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByText('Please fill in the account')).toBeVisible()
  await inspectEnglish(page, 'sign-in-errors')
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Staff sign-in' })).toBeVisible()
  await page.getByRole('button', { name: '中文' }).click()
  await expect(page.getByRole('heading', { name: '工作人员登录' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
})

test('a case in English from the inbox to the decision', async ({ page, enter, desk }) => {
  await enter('person-9')
  const number = await numberOf(page, await claim(page, '13800000010'))

  const clerk = await desk('周敏')
  await expect(clerk.getByRole('heading', { name: '待办案件' })).toBeVisible()
  await toEnglish(clerk)
  await expect(clerk.getByRole('heading', { name: 'Inbox' })).toBeVisible()
  await expect(clerk.getByRole('link', { name: number })).toBeVisible()
  await inspectEnglish(clerk, 'inbox')
  await clerk.keyboard.press('?')
  await expect(clerk.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await inspectEnglish(clerk, 'keys')
  await clerk.keyboard.press('Escape')
  await clerk.locator('button.who').click()
  await inspectEnglish(clerk, 'who')
  await clerk.keyboard.press('Escape')

  await clerk.getByRole('link', { name: number }).click()
  await expect(clerk.getByRole('heading', { name: /Checked by the system/ })).toBeVisible()
  await inspectEnglish(clerk, 'case')
  await clerk.getByRole('tab', { name: /Materials/ }).click()
  await inspectEnglish(clerk, 'case-materials')
  await clerk.getByRole('tab', { name: 'Flow' }).click()
  await expect(clerk.locator('.djs-container')).toBeVisible()
  await inspectEnglish(clerk, 'case-flow')
  await clerk.getByRole('tab', { name: /Review/ }).click()
  await inspectDialog(clerk, 'Return', 'Return', 'return')
  await clerk.getByRole('button', { name: 'Pass and receive' }).click()
  await inspectDialog(clerk, 'Correction', 'Issue', 'correct')
  await inspectDialog(clerk, 'Refuse acceptance', 'Submit to sign', 'refuse')
  await clerk.getByRole('button', { name: 'Accept', exact: true }).click()
  const asked = clerk.getByRole('dialog', { name: 'Accept this application?' })
  await expect(asked).toContainText('promised: 1 working day from today')
  await inspectEnglish(clerk, 'case-accept')
  await asked.getByRole('button', { name: 'Accept', exact: true }).click()
  await expect(clerk.locator('.tag', { hasText: 'Under review' })).toBeVisible()
  await inspectEnglish(clerk, 'case-accepted')
  await clerk.getByRole('link', { name: /notice|receipt/i }).first().click()
  await expect(clerk.getByRole('button', { name: 'Print' })).toBeVisible()
  await inspectEnglish(clerk, 'notice')

  const reviewer = await desk('林芳')
  await toEnglish(reviewer)
  await reviewer.getByRole('link', { name: number }).click()
  await inspectDialog(reviewer, 'Unmask', 'Unmask', 'unmask')
  await reviewer.getByRole('button', { name: 'Submit review' }).click()
  await expect(reviewer.getByText('Please choose the proposal')).toBeVisible()
  await inspectEnglish(reviewer, 'case-review')
  await reviewer.getByLabel('Propose to grant').check()
  await reviewer.getByLabel('Basis', { exact: true }).fill('社会保险法第四十五条')
  await reviewer.getByRole('textbox', { name: 'Opinion' }).fill('各项一致，建议准予。')
  await reviewer.getByRole('button', { name: 'Submit review' }).click()
  await expect(reviewer.locator('.tag', { hasText: 'Awaiting decision' })).toBeVisible()

  const decider = await desk('马行远')
  await toEnglish(decider)
  await decider.getByRole('link', { name: number }).click()
  await decider.getByRole('radio', { name: 'Deny' }).check()
  await decider.getByRole('button', { name: 'Decide', exact: true }).click()
  await expect(decider.getByText('Please write the opinion')).toBeVisible()
  await inspectEnglish(decider, 'case-decide')
  await decider.getByRole('radio', { name: 'Grant' }).check()
  await decider.getByLabel('Opinion').fill('同意。')
  await decider.getByRole('button', { name: 'Decide', exact: true }).click()
  await expect(decider.locator('.tag', { hasText: 'Delivered' })).toBeVisible()
  await inspectEnglish(decider, 'case-decided')
})

/** A dialog as it is, and with what it finds missing. */
async function inspectDialog(page: Page, name: string, go: string | RegExp, state: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: go }).last().click()
  await inspectEnglish(page, `case-${state}`)
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
}

test('a refusal in English goes to the supervisor to sign', async ({ page, enter, desk }) => {
  await enter('person-13')
  const number = await numberOf(page, await claim(page, '13800000013'))
  const clerk = await desk('周敏')
  await toEnglish(clerk)
  await clerk.getByRole('link', { name: number }).click()
  await clerk.getByRole('button', { name: 'Refuse acceptance' }).click()
  const dialog = clerk.getByRole('dialog', { name: 'Refuse acceptance' })
  await dialog.getByLabel('Reason, as the decision says it').fill('在外省参保，本市没有缴费记录。')
  await dialog.getByLabel('Basis: law and article').fill('《失业保险条例》第十四条')
  await dialog.getByLabel('Where to go instead, and how').fill('请到参保地的失业保险经办机构办理。')
  await dialog.getByRole('button', { name: 'Submit to sign' }).click()
  await expect(clerk.getByRole('heading', { name: /Proposed: refuse acceptance/ })).toBeVisible()
  await inspectEnglish(clerk, 'case-refusal-waits')

  const manager = await desk('何臻')
  await toEnglish(manager)
  await manager.getByRole('link', { name: number }).click()
  await manager.getByRole('button', { name: 'Sign or send back' }).click()
  await expect(manager.getByText('Please choose to sign or to send back')).toBeVisible()
  await manager.getByRole('radio', { name: 'Send back' }).check()
  await manager.getByRole('button', { name: 'Sign or send back' }).click()
  await expect(manager.getByText('Please write the reason')).toBeVisible()
  await inspectEnglish(manager, 'case-countersign')
  await inspectDialog(manager, 'Reassign', 'Reassign', 'reassign')
})

test('the counter and the delivery desk in English', async ({ desk, staff }) => {
  const clerk = await desk('周敏')
  await toEnglish(clerk)
  await clerk.getByRole('link', { name: 'Counter' }).click()
  const find = clerk.getByRole('combobox', { name: /Find an item/ })
  await find.fill('JY-009')
  await expect(clerk.getByRole('option')).toHaveCount(1)
  await inspectEnglish(clerk, 'counter-item')
  await find.press('Enter')
  await clerk.getByRole('button', { name: 'Check and look up' }).click()
  await expect(clerk.getByText('Please fill in the name')).toBeVisible()
  await inspectEnglish(clerk, 'counter-party')
  await clerk.getByLabel('Name').fill('齐念真')
  await clerk.getByLabel('Citizen number').fill('180103200708160405')
  await clerk.keyboard.press('Control+Enter')
  await expect(clerk.getByRole('heading', { name: 'To ask the applicant' })).toBeVisible()
  await inspectEnglish(clerk, 'counter-form')
  await clerk.getByLabel('I have not worked yet').check()
  await clerk.getByLabel('Where do you live now').fill('云川市东城区粮库街 9 号')
  await clerk.getByLabel(/I am able to work/).check()
  await clerk.keyboard.press('Control+Enter')
  await expect(clerk.getByRole('heading', { name: /Read to the applicant/ })).toBeVisible()
  await clerk.getByRole('button', { name: 'Receive' }).click()
  await expect(clerk.getByText('Please read everything to the applicant, then tick').first()).toBeVisible()
  await inspectEnglish(clerk, 'counter-read')
  await clerk.getByLabel(/Everything was read/).check()
  await clerk.keyboard.press('Control+Enter')
  await expect(clerk.locator('dd.big')).toBeVisible()
  await inspectEnglish(clerk, 'counter-done')
  const number = (await clerk.locator('dd').filter({ hasText: /^\d{6}JY009/ }).innerText()).trim()
  const id = (await clerk.getByRole('link', { name: 'See the case' }).getAttribute('href'))?.split('/').at(-1) ?? ''
  await (await staff('zhoumin')).becomes(id, 'READY')

  const delivery = await desk('曹雨晴')
  await toEnglish(delivery)
  await delivery.getByRole('link', { name: 'Delivery' }).click()
  await delivery.getByLabel('Case number, name or citizen number').fill(number)
  await delivery.getByRole('button', { name: 'Search' }).click()
  await expect(delivery.getByRole('heading', { name: 'To whom' })).toBeVisible()
  await delivery.getByRole('button', { name: 'Hand out' }).click()
  await expect(delivery.getByText('Please fill in the name of the receiver')).toBeVisible()
  await inspectEnglish(delivery, 'delivery-errors')
  await delivery.getByLabel('Name of the receiver').fill('齐念真')
  await delivery.getByLabel(/the receiver has signed before me/).check()
  await delivery.getByRole('button', { name: 'Hand out' }).click()
  await expect(delivery.getByText('Delivered').first()).toBeVisible()
  await inspectEnglish(delivery, 'delivery-done')
})

test('a licence in English: papers at the window, and the site check', async ({ desk, staff }) => {
  const clerk = await desk('孙砚秋')
  await toEnglish(clerk)
  await clerk.getByRole('link', { name: 'Counter' }).click()
  await clerk.getByRole('combobox', { name: /Find an item/ }).fill('LD-001')
  await expect(clerk.getByRole('option')).toHaveCount(1)
  await clerk.keyboard.press('Enter')
  await clerk.getByLabel('Credit code').fill('91180102MA0000226G')
  await clerk.getByLabel('Name').fill('唐丽华')
  await clerk.getByLabel('Citizen number').fill('180102198706160341')
  await clerk.keyboard.press('Control+Enter')
  await expect(clerk.getByRole('heading', { name: 'To ask the applicant' })).toBeVisible()
  await clerk.keyboard.press('Control+Enter')
  await expect(clerk.getByRole('heading', { name: /need your attention/ })).toBeVisible()
  await inspectEnglish(clerk, 'counter-form-errors')
  await clerk.locator('input[type=radio][value=new_business]').check()
  await clerk.getByLabel('Planned business').fill('向本市制造企业派遣临时性岗位的工人')
  await clerk.getByLabel('Workers to be dispatched').fill('200')
  await clerk.getByLabel('Paid-in capital by the report').fill('5000000')
  await clerk.getByLabel('Address of the premises').fill('云川市东城区文汇路 120 号云帆大厦 3 层')
  await clerk.getByLabel('Floor space').fill('260')
  await clerk.locator('input[type=radio][value=own]').check()
  await clerk.getByLabel('Office staff').fill('15')
  await clerk.getByLabel('Equipment and information systems').fill('办公桌椅 15 套，电脑 15 台')
  for (const rule of ['Labour contracts', 'Pay', 'Social insurance', 'Working time', 'Rest and leave', 'Discipline']) await clerk.getByLabel(rule, { exact: true }).check()
  await clerk.getByLabel('Name', { exact: true }).fill('唐丽华')
  await clerk.getByLabel('Mobile number').fill('13800000017')
  await clerk.keyboard.press('Control+Enter')
  await expect(clerk.getByRole('heading', { name: /Materials/ })).toBeVisible()
  await clerk.keyboard.press('Control+Enter')
  await expect(clerk.getByText(/Still missing/).first()).toBeVisible()
  await inspectEnglish(clerk, 'counter-papers-missing')
  await clerk.locator('#m-m4').setInputFiles({ name: '场所证明.png', mimeType: 'image/png', buffer: PNG })
  await clerk.getByRole('button', { name: '场所证明.png', exact: true }).click()
  await expect(clerk.getByRole('img', { name: /场所证明.png/ })).toBeVisible()
  await inspectEnglish(clerk, 'counter-paper')
  await clerk.keyboard.press('Escape')
  for (const slot of ['m3', 'm6']) {
    await clerk.locator(`#m-${slot}`).setInputFiles({ name: `${slot}.pdf`, mimeType: 'application/pdf', buffer: PDF })
    await expect(clerk.getByRole('button', { name: `${slot}.pdf`, exact: true })).toBeVisible()
  }
  await clerk.keyboard.press('Control+Enter')
  await clerk.getByLabel(/Everything was read/).check()
  await clerk.keyboard.press('Control+Enter')
  await clerk.getByRole('button', { name: 'Accept now' }).click()
  await clerk.getByRole('dialog', { name: 'Accept this application?' }).getByRole('button', { name: 'Accept', exact: true }).click()
  await expect(clerk.getByRole('heading', { name: 'Under review' })).toBeVisible()
  await inspectEnglish(clerk, 'counter-accepted')
  const id = (await clerk.getByRole('link', { name: 'See the case' }).getAttribute('href'))?.split('/').at(-1) ?? ''

  const reviewer = await staff('tangweiming')
  await reviewer.act(id, 'review', { proposal: 'grant', opinion: '材料齐全，建议现场核查后准予。', basis: '劳动合同法第五十七条' })
  const visitor = await desk('许亭')
  await toEnglish(visitor)
  await visitor.goto(`/workbench/cases/${id}`)
  await visitor.getByRole('button', { name: 'Record site check' }).click()
  const record = visitor.getByRole('dialog', { name: 'Record a site check' })
  await record.getByRole('button', { name: 'Save record' }).click()
  await expect(record.getByText('Please fill in the time')).toBeVisible()
  await inspectEnglish(visitor, 'case-site-check')
  await record.getByLabel('Time').fill('00:01')
  await record.getByLabel('What was seen').fill('场所正在使用，与申请一致。')
  await record.getByRole('button', { name: 'Save record' }).click()
  await expect(visitor.getByText('The other colleague has to confirm it', { exact: true })).toBeVisible()
  await inspectEnglish(visitor, 'case-site-check-recorded')

  const second = await desk('唐伟明')
  await toEnglish(second)
  await second.goto(`/workbench/cases/${id}`)
  await second.getByRole('button', { name: 'Confirm site check' }).click()
  await expect(second.getByText(/please tick first/)).toBeVisible()
  await inspectEnglish(second, 'case-site-check-confirm')
})

/** Pages that show lists, and whose desk shows them. */
const DESKS: [string, [string, string][]][] = [
  ['周敏', [['/cases', 'List of cases'], ['/search', 'Search cases'], ['/password-resets', 'Password resets'], ['/account', 'My account'], ['/outbox', 'Outbox'], ['/nowhere', 'There is no such page']]],
  ['曹雨晴', [['/delivery', 'Delivery']]],
  ['柳少华', [['/dashboard', 'Figures'], ['/ratings', 'Ratings']]],
  ['蒋一波', [['/staff', 'Staff and posts']]],
  ['蔡毅恒', [['/audit', 'Audit']]],
  ['段睿思', [['/jobs', 'Jobs']]]
]

for (const [name, pages] of DESKS) {
  test(`the pages of ${name} in English`, async ({ desk }) => {
    const colleague = await desk(name)
    await toEnglish(colleague)
    for (const [path, heading] of pages) {
      await colleague.goto(`/workbench${path}`)
      await expect(colleague.getByRole('heading', { level: 1, name: heading })).toBeVisible()
      await inspectEnglish(colleague, `desk${path.replace(/\W+/g, '-')}`)
    }
  })
}
