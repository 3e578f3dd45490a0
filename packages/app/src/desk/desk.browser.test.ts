/**
 * The desk in a real browser: accessible, usable by keyboard, whole without JavaScript, and within
 * the width of a telephone. Source: WCAG 2.2 AA as axe checks it. Needs a Chromium: CHROMIUM_PATH,
 * or /usr/bin/chromium. Without one the tests are skipped with the reason; in CI they fail.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { grantLink } from '../access/grants.ts'
import { ADMISSION_ID, HEADLESS_ID, HELD_ID, RESULT_ID } from '../http/testing/sample-store.ts'
import { startTestServer, type TestServer } from '../http/testing/test-server.ts'

const chromiumPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
const hasChromium = existsSync(chromiumPath)
const NEEDED =
  'no Chromium found: install one (Debian: apt-get install chromium) or set CHROMIUM_PATH'
const isCi = process.env['CI'] !== undefined && process.env['CI'] !== ''
const skip = hasChromium || isCi ? false : NEEDED

const WIDE = { width: 1280, height: 900 }
const NARROW = { width: 375, height: 800 }

const PAGES = [
  '/desk/messages',
  '/desk/messages?source=nowhere',
  `/desk/messages/${ADMISSION_ID}`,
  `/desk/messages/${HELD_ID}`,
  `/desk/messages/${HEADLESS_ID}`,
  '/desk/attention',
  '/desk/audit',
  '/desk/about',
  '/desk/resources/Patient/p-4471902',
  '/desk/nothing',
] as const

let server: TestServer
let url: string
let browser: Browser

before(async () => {
  if (skip !== false) return
  assert.ok(hasChromium, NEEDED)
  server = await startTestServer()
  url = await server.app.listen({ host: '127.0.0.1', port: 0 })
  browser = await chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
})
after(async () => {
  await browser?.close()
  await server?.app.close()
})

test('a browser is at hand', { skip }, () => assert.ok(hasChromium, NEEDED))

type Viewer = { readonly context: BrowserContext; readonly page: Page; readonly faults: string[] }

async function openDesk(
  viewport: { readonly width: number; readonly height: number },
  options: { readonly javaScriptEnabled?: boolean; readonly isStranger?: boolean } = {},
): Promise<Viewer> {
  const { javaScriptEnabled = true, isStranger = false } = options
  const context = await browser.newContext({ viewport, javaScriptEnabled })
  const [name, value] = server.cookie().split('=') as [string, string]
  if (!isStranger) await context.addCookies([{ name, value, url }])
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    // A page that is not there is told to the console by the browser itself.
    const isMissing = message.text().includes('status of 404')
    if (message.type() === 'error' && !isMissing) faults.push(message.text())
  })
  return { context, page, faults }
}

async function requireAccessible(page: Page, where: string): Promise<void> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
  const { violations } = await new AxeBuilder({ page }).withTags(tags).setLegacyMode(true).analyze()
  const told = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  )
  assert.deepEqual(told, [], where)
}

async function requireNoSidewaysScroll(page: Page, where: string): Promise<void> {
  const widths = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ])
  assert.equal(widths[0], widths[1], where)
}

for (const [name, viewport] of [
  ['1280', WIDE],
  ['375', NARROW],
] as const) {
  describe(`every page at ${name} pixels`, { skip }, () => {
    test('has no fault that axe finds, no error, and needs no sideways scrolling', async () => {
      const { context, page, faults } = await openDesk(viewport)
      for (const path of PAGES) {
        await page.goto(url + path)
        await requireAccessible(page, path)
        await requireNoSidewaysScroll(page, path)
      }
      assert.deepEqual(faults, [])
      await context.close()
    })

    test('also signing in, a refused form and the verdict on the audit', async () => {
      const { context, page, faults } = await openDesk(viewport)
      await page.goto(`${url}/desk/messages/${HELD_ID}`)
      await page.getByRole('button', { name: 'Decide' }).click()
      assert.match(await page.title(), /^Error: /)
      await requireAccessible(page, 'refused form')
      await requireNoSidewaysScroll(page, 'refused form')
      await page.goto(`${url}/desk/audit`)
      await page.getByRole('button', { name: 'Verify the whole log' }).click()
      await page.getByText('fits together').waitFor()
      await requireAccessible(page, 'verdict')
      await requireNoSidewaysScroll(page, 'verdict')
      await context.clearCookies()
      await page.goto(`${url}/desk/messages`)
      assert.equal(new URL(page.url()).pathname, '/desk/sign-in')
      await requireAccessible(page, 'sign-in')
      // The browser tells of the refused form (400) itself.
      assert.deepEqual(
        faults.filter((one) => !one.includes('status of 400')),
        [],
      )
      await context.close()
    })
  })
}

describe('the two sides of a message', { skip }, () => {
  const focused = (page: Page) =>
    page.evaluate(() => ({
      text: document.activeElement?.textContent ?? '',
      side: document.activeElement?.closest('.side')?.id ?? '',
      linked: [...document.querySelectorAll('.linked')].map((one) => one.textContent),
      status: document.querySelector('#link-status')?.textContent ?? '',
    }))

  test('can be walked and crossed with the keyboard', async () => {
    const { context, page } = await openDesk(WIDE)
    await page.goto(`${url}/desk/messages/${ADMISSION_ID}`)
    await page.locator('#message-side a.leaf').first().focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    assert.equal((await focused(page)).text, '1', 'PID-1 is the first value of the third line')
    await page.keyboard.press('ArrowRight')
    const nhsNumber = await focused(page)
    assert.equal(nhsNumber.text, '9000000009')
    assert.deepEqual(nhsNumber.linked, ['"9000000009"'])
    assert.equal(nhsNumber.status, 'PID-3.1 → Patient.identifier[0].value by rule CX.1')

    await page.keyboard.press('Enter')
    const partner = await focused(page)
    assert.deepEqual([partner.side, partner.text], ['fhir-side', '"9000000009"'])
    assert.deepEqual(partner.linked, ['9000000009'])
    await page.keyboard.press('ArrowDown')
    assert.equal((await focused(page)).side, 'fhir-side')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    assert.equal((await focused(page)).side, 'message-side')

    await page.keyboard.press('End')
    assert.match((await focused(page)).text, /learning disability passport/)
    assert.match((await focused(page)).status, /unmapped/)
    await page.keyboard.press('Home')
    assert.equal((await focused(page)).text, '|')
    await context.close()
  })

  test('take one stop each in the order of tabbing', async () => {
    const { context, page } = await openDesk(WIDE)
    await page.goto(`${url}/desk/messages/${ADMISSION_ID}`)
    await page.locator('#message-side a.leaf').nth(7).focus()
    await page.keyboard.press('Tab')
    assert.equal((await focused(page)).side, 'fhir-side')
    await page.keyboard.press('Shift+Tab')
    assert.equal((await focused(page)).side, 'message-side')
    const place = await page.evaluate(() => document.activeElement?.id)
    assert.equal(place, await page.locator('#message-side a.leaf').nth(7).getAttribute('id'))
    await context.close()
  })

  test('show their partners under the mouse and keep what was pressed', async () => {
    const { context, page } = await openDesk(WIDE)
    await page.goto(`${url}/desk/messages/${ADMISSION_ID}`)
    const family = page.locator('#message-side a.leaf', { hasText: "ASHWORTH-O'NEILL" })
    await family.hover()
    assert.deepEqual((await focused(page)).linked, ['"ASHWORTH-O\'NEILL"'])
    await family.click()
    await page.locator('h1').hover()
    assert.deepEqual((await focused(page)).linked, ['"ASHWORTH-O\'NEILL"'])
    assert.equal(new URL(page.url()).hash, '')
    await context.close()
  })

  test('are plain links to each other without JavaScript', async () => {
    const { context, page } = await openDesk(WIDE, { javaScriptEnabled: false })
    await page.goto(`${url}/desk/messages/${ADMISSION_ID}`)
    await page.locator('#message-side a.leaf', { hasText: '9000000009' }).click()
    const hash = new URL(page.url()).hash
    assert.match(hash, /^#element-/)
    await page.locator(hash).click()
    assert.match(new URL(page.url()).hash, /^#leaf-/)
    await context.close()
  })
})

describe('the message list', { skip }, () => {
  test('works without JavaScript: sign-in, filter, pages, patient, decision, sign-out', async () => {
    const { context, page } = await openDesk(NARROW, { javaScriptEnabled: false, isStranger: true })
    const actor = { kind: 'person', id: 'op-9', name: 'Ola Mensah' } as const
    const { path } = await grantLink(
      { store: server.fake.store, ports: { ...portsOf(server), clock: server.clock } },
      { actor, scopes: ['desk'], forMs: 60_000, by: actor },
    )
    await page.goto(url + path)
    assert.equal(page.url(), `${url}/desk/sign-in`)
    await page.getByRole('button', { name: 'Sign in' }).click()
    assert.equal(page.url(), `${url}/desk/messages`)
    assert.equal(await page.locator('#live').isVisible(), false)

    await page.getByRole('link', { name: 'Older' }).click()
    assert.match(page.url(), /before=/)
    await page.getByRole('link', { name: 'Newest' }).click()
    await page.getByLabel('State').selectOption('held')
    await page.getByRole('button', { name: 'Filter' }).click()
    assert.equal(await page.locator('[data-message]').count(), 1)
    await page.getByRole('link', { name: 'Clear' }).click()
    await page.getByLabel('NHS number or local number').fill('900 000 0009')
    await page.getByRole('button', { name: 'Find' }).click()
    assert.equal(await page.locator('[data-message]').count(), 1)
    assert.doesNotMatch(page.url(), /9000000009|900/)

    await page.goto(`${url}/desk/messages/${HELD_ID}`)
    await page.getByLabel('Dismiss').check()
    await page.getByLabel('Reason').fill('Sent for a patient of another site')
    await page.getByRole('button', { name: 'Decide' }).click()
    await page.getByText('Your decision on the message is kept').waitFor()
    assert.equal(server.fake.releases.at(-1)?.decision, 'dismiss')

    await page.getByRole('button', { name: 'Sign out' }).click()
    assert.equal(page.url(), `${url}/desk/sign-in`)
    await context.close()
  })

  test('shows a change by itself, keeps the focus, and can be paused', async () => {
    const { context, page, faults } = await openDesk(WIDE)
    await page.goto(`${url}/desk/messages`)
    await page.locator('#live-state[data-state="live"]').waitFor()
    const row = page.locator(`[data-message="${RESULT_ID}"]`)
    await row.getByRole('link').focus()
    assert.match((await row.textContent()) ?? '', /Received/)

    const at = server.fake.messages.findIndex((one) => one.row.id === RESULT_ID)
    const before = server.fake.messages[at]!
    server.fake.messages[at] = { ...before, row: { ...before.row, state: 'done' } }
    server.change({ messageId: RESULT_ID })
    server.clock.advance(250)
    await row.getByText('Done').waitFor()
    assert.equal(
      await page.evaluate(() => document.activeElement?.id),
      `row-${RESULT_ID}`,
      'the focus stays on the line that was replaced',
    )

    await page.getByRole('button', { name: 'Pause live updates' }).click()
    while (server.listenerCount() > 0) await new Promise((resolve) => setImmediate(resolve))
    assert.equal(await page.locator('#live-state').textContent(), 'Paused')
    server.fake.messages[at] = before
    await page.getByRole('button', { name: 'Resume live updates' }).click()
    await row.getByText('Received').waitFor()
    assert.deepEqual(faults, [])
    await context.close()
  })
})

/** Random enough for a link of a test. */
function portsOf(given: TestServer) {
  return {
    random: {
      bytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)),
      unit: () => 0,
    },
    ids: { next: () => `link-${given.clock.nowMs()}` },
  }
}
