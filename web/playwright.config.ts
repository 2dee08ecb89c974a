import { defineConfig } from '@playwright/test'

/** Pages in Chromium against the real program: `YICI_BINARY`, `YICI_CHROMIUM`, and `YICI_TEST_POSTGRES` for the second database. */
export default defineConfig<{ database: 'sqlite' | 'postgres' }>({
  testDir: 'e2e',
  outputDir: 'test-results',
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    actionTimeout: 20_000,
    navigationTimeout: 20_000,
    launchOptions: {
      executablePath: process.env.YICI_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update']
    }
  },
  projects: [
    { name: 'sqlite', use: { database: 'sqlite' } },
    ...(process.env.YICI_TEST_POSTGRES ? [{ name: 'postgres', grep: /@postgres/, use: { database: 'postgres' as const } }] : [])
  ]
})
