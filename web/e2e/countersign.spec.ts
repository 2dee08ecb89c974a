import { claim, numberOf } from './applications'
import { expect, inspect, test } from './fixtures'

test.use({ viewport: { width: 1440, height: 900 } })

test('a refusal of acceptance goes out with a second signature, and comes back with a reason before', async ({ page, enter, desk }) => {
  await enter('person-13')
  const id = await claim(page, '13800000013')
  const number = await numberOf(page, id)

  const clerk = await desk('周敏')
  const manager = await desk('何臻')
  const refuse = async (): Promise<void> => {
    await clerk.getByRole('button', { name: '不予受理' }).click()
    const dialog = clerk.getByRole('dialog', { name: '不予受理' })
    await dialog.getByLabel('写进决定书的理由').fill('在外省参保，本市没有缴费记录。')
    await dialog.getByLabel('依据的条款').fill('《失业保险条例》第十四条')
    await dialog.getByLabel('可以去哪里办、怎么办').fill('请到参保地的失业保险经办机构办理。')
    await inspect(clerk, 'refuse')
    await dialog.getByRole('button', { name: '提交签署' }).click()
    await expect(dialog).toBeHidden()
    await expect(clerk.getByRole('heading', { name: /拟不予受理/ })).toBeVisible()
  }
  await clerk.getByRole('link', { name: number }).click()
  await refuse()
  await inspect(clerk, 'case-refusal-waits')

  await manager.goto('/workbench/tasks')
  await manager.getByRole('link', { name: number }).click()
  await expect(manager.getByText('请到参保地的失业保险经办机构办理。')).toBeVisible()
  await manager.getByRole('button', { name: '签署或退回' }).click()
  await expect(manager.getByText('请选择签署或退回')).toBeVisible()
  await inspect(manager, 'case-countersign')
  await manager.setViewportSize({ width: 390, height: 844 })
  await inspect(manager, 'case-countersign-390')
  await manager.setViewportSize({ width: 1440, height: 900 })
  await manager.getByRole('radio', { name: '退回受理人' }).check()
  await manager.getByLabel('为什么退回').fill('请再核对一次参保记录。')
  await manager.getByRole('button', { name: '签署或退回' }).click()
  await expect(manager.getByRole('heading', { name: /拟不予受理/ })).toBeHidden()

  await clerk.reload()
  await expect(clerk.getByText('请再核对一次参保记录。')).toBeVisible()
  await refuse()
  await manager.reload()
  await manager.getByRole('radio', { name: '签署，发出决定' }).check()
  await manager.getByRole('button', { name: '签署或退回' }).click()
  await expect(manager.locator('.tag', { hasText: '不予受理' })).toBeVisible()

  await page.goto(`/cases/${id}`)
  await expect(page.getByText('不予受理').first()).toBeVisible()
})
