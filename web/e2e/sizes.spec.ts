import { expect, inspect, test } from './fixtures'

const STRANGER = ['/', '/items', '/items?q=zzz', '/items/JY-009', '/items/SB-084', '/items/LD-001', '/sign-in', '/sign-up', '/calculators', '/calculators/retirement', '/life/unemployed', '/halls', '/progress', '/accessibility', '/nowhere']
const CITIZEN = ['/', '/cases', '/cases?which=drafts', '/cases?which=closed', '/messages', '/account', '/agents']

for (const width of [320, 390, 1440]) {
  for (const elder of [false, true]) {
    test(`every page holds at ${width} px${elder ? ' in elder mode' : ''}`, async ({ page, enter }) => {
      await page.setViewportSize({ width, height: 844 })
      await page.addInitScript((on) => { if (on) localStorage.setItem('yici.elder', '1') }, elder)
      const look = async (path: string, who: string) => {
        await page.goto(path)
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        await inspect(page, `size-${who}${path.replace(/\W+/g, '-')}-${width}${elder ? '-elder' : ''}`)
      }
      for (const path of STRANGER) await look(path, 'stranger')
      await enter('person-19')
      for (const path of CITIZEN) await look(path, 'citizen')
    })
  }
}
