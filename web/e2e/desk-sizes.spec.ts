import { expect, inspect, test } from './fixtures'

/** Whose desk shows which pages. */
const DESKS: [string, string[]][] = [
  ['周敏', ['/tasks', '/search?text=%E5%A4%B1%E4%B8%9A', '/counter', '/password-resets', '/account', '/outbox', '/nowhere']],
  ['曹雨晴', ['/delivery']],
  ['柳少华', ['/dashboard', '/ratings']],
  ['蒋一波', ['/staff']],
  ['蔡毅恒', ['/audit']],
  ['段睿思', ['/jobs']]
]

for (const width of [390, 1440]) {
  test.describe(`at ${width} px`, () => {
    test.use({ viewport: { width, height: 844 } })

    test(`every page of the workbench holds at ${width} px`, async ({ page, desk }) => {
      await page.goto('/workbench/sign-in')
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await inspect(page, `desk-sign-in-${width}`)
      for (const [name, paths] of DESKS) {
        const colleague = await desk(name)
        for (const path of paths) {
          await colleague.goto(`/workbench${path}`)
          await expect(colleague.getByRole('heading', { level: 1 })).toBeVisible()
          await inspect(colleague, `desk${path.replace(/\W+/g, '-')}-${width}`)
        }
        await colleague.context().close()
      }
      const clerk = await desk('王雷鸣')
      await clerk.getByRole('row').getByRole('link').first().click()
      await expect(clerk.getByRole('heading', { name: /系统已核对/ })).toBeVisible()
      await inspect(clerk, `desk-case-${width}`)
      await clerk.getByRole('tab', { name: '办理流程' }).click()
      await expect(clerk.locator('.djs-container')).toBeVisible()
      await inspect(clerk, `desk-case-flow-${width}`)
      await clerk.goto('/workbench/counter')
      await clerk.getByRole('option').filter({ hasText: '失业登记' }).click()
      await inspect(clerk, `desk-counter-party-${width}`)
    })
  })
}
