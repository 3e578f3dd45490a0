import { chromium } from 'playwright-core'
import { ADMISSION_ID, HEADLESS_ID, HELD_ID } from './sample-store.ts'
import { startTestServer } from './test-server.ts'

const s = await startTestServer()
const url = await s.app.listen({ host: '127.0.0.1', port: 0 })
const b = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})
const only = process.argv.slice(2)
for (const w of [1280, 375]) {
  const ctx = await b.newContext({ viewport: { width: w, height: 900 } })
  const [name, value] = s.cookie().split('=') as [string, string]
  await ctx.addCookies([{ name, value, url }])
  const page = await ctx.newPage()
  page.on('console', (m) => console.log('console', m.text()))
  page.on('pageerror', (m) => console.log('pageerror', m.message))
  const shots: Record<string, string> = {
    list: '/desk/messages',
    message: `/desk/messages/${ADMISSION_ID}`,
    held: `/desk/messages/${HELD_ID}`,
    headless: `/desk/messages/${HEADLESS_ID}`,
    attention: '/desk/attention',
    audit: '/desk/audit',
    about: '/desk/about',
    resource: '/desk/resources/Patient/p-4471902',
  }
  for (const [k, u] of Object.entries(shots)) {
    if (only.length && !only.includes(k)) continue
    await page.goto(url + u)
    if (k === 'message') {
      await page.locator('#leaf-20').focus()
      await page.locator('#sides').evaluate((e) => e.scrollIntoView())
    }
    if (k === 'list') {
      await page.waitForTimeout(300)
    }
    await page.screenshot({
      path: `/tmp/shot-${k}-${w}.png`,
      fullPage: k !== 'list' && k !== 'message',
    })
    const sw = await page.evaluate(() => document.documentElement.scrollWidth)
    console.log(k, w, sw)
  }
  await ctx.clearCookies()
  await page.goto(url + '/desk/sign-in')
  await page.screenshot({ path: `/tmp/shot-signin-${w}.png` })
}
await b.close()
await s.app.close()
