import type { Page } from '@playwright/test'
import { Api } from './api'
import { expect, inspect, test } from './fixtures'

test.use({ viewport: { width: 1280, height: 900 }, provokes: [409] })

const saved = (page: Page) => expect(page.getByRole('status').filter({ hasText: '已保存' })).toBeVisible()

test('two who fill in one application lose nothing of each other, and choose where they differ', async ({ page, enter, browser, server, locale, timezoneId }) => {
  await enter('person-23')
  await page.goto('/items/JY-009/apply')
  await page.waitForURL('**/apply/case_*')
  const address = page.url()
  const context = await browser.newContext({ baseURL: server.url, locale, timezoneId })
  const other = await context.newPage()
  await new Api(other.request, server.url, 'portal').enter('person-23')
  await other.goto(address)
  await expect(other.getByLabel('手机号')).toBeVisible()

  await page.getByLabel('现在住在哪里').fill('云川市东湖区书院街9号')
  await saved(page)
  await other.getByLabel('手机号').fill('13900000027')
  await saved(other)
  await expect(other.getByLabel('现在住在哪里')).toHaveValue('云川市东湖区书院街9号')
  await expect(other.getByText('这份申请刚才有别人改过')).toBeVisible()

  await other.getByLabel('现在住在哪里').fill('云川市西岭区铸锻路22号')
  await saved(other)
  await page.getByLabel('现在住在哪里').fill('云川市石门县清溪镇东街4号')
  const question = page.getByRole('dialog', { name: '有人同时在填这份申请' })
  await expect(question).toBeVisible()
  await inspect(page, 'draft-clash')
  await question.getByRole('button', { name: '按选的保存' }).click()
  await expect(question.getByText('请选用哪一个').last()).toBeVisible()
  await question.getByRole('radio', { name: /铸锻路22号/ }).check()
  await question.getByRole('button', { name: '按选的保存' }).click()
  await expect(question).toBeHidden()
  await expect(page.getByLabel('现在住在哪里')).toHaveValue('云川市西岭区铸锻路22号')
  await expect(page.getByLabel('手机号')).toHaveValue('13900000027')
  await context.close()
})

test('who leaves with something that could not be saved is asked', async ({ page, enter }) => {
  await enter('person-23')
  await page.goto('/items/JY-009/apply')
  await page.getByRole('link', { name: '接着填' }).click()
  await page.waitForURL('**/apply/case_*')
  await expect(page.getByLabel('手机号')).toBeVisible()
  await page.route('**/form', (route) => route.fulfill({ status: 409, json: { code: 'E1214', title: '现在不能保存' } }))
  await page.getByLabel('手机号').fill('13900000028')
  await page.getByRole('link', { name: '办事', exact: true }).first().click()
  const question = page.getByRole('dialog', { name: '还有内容没有存上' })
  await inspect(page, 'draft-unsaved')
  await question.getByRole('button', { name: '不了' }).click()
  await expect(page.getByLabel('手机号')).toHaveValue('13900000028')
  await page.unroute('**/form')
  await page.getByRole('link', { name: '办事', exact: true }).first().click()
  await expect(page).toHaveURL(/\/items$/)
})
