import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { silentLog, systemPorts } from '@almoner/core'
import { defineSite, type Site } from '@almoner/engine'
import { loadSite } from './load-site.ts'
import { runSite } from './running-site.ts'

const SITE = new URL('../../../examples/riverside', import.meta.url).pathname
const freePorts = { port: (name: string, usual: number) => (name === 'data-hub' ? usual : 0) }
const riverside = async (): Promise<Site> => (await loadSite(SITE, freePorts)).site

const withFolder = async (use: (folder: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'almoner-site-'))
  await use(folder).finally(() => rmSync(folder, { recursive: true }))
}
const options = (folder: string) => ({
  folder,
  ports: systemPorts,
  log: silentLog,
  onFatal: (error: unknown) => assert.fail(String(error)),
})

describe('runSite', () => {
  test('serves health, refuses strangers, and frees everything on stop', () =>
    withFolder(async (folder) => {
      const running = await runSite(await riverside(), options(folder))
      const status = async (path: string) => (await fetch(`${running.url}${path}`)).status
      assert.equal(await status('/health/live'), 200)
      assert.equal(await status('/health/ready'), 200)
      assert.equal(await status('/fhir/R4/metadata'), 200)
      assert.equal(await status('/fhir/R4/Patient?identifier=1'), 401)
      assert.equal(await status('/metrics'), 401)
      await running.stop()
      await assert.rejects(status('/health/live'))
      const again = await runSite(await riverside(), options(folder))
      await again.stop()
    }))

  test('starts nothing when its HTTP port is taken', () =>
    withFolder(async (folder) => {
      const taken = createServer().listen(0, '127.0.0.1')
      await new Promise((resolve) => taken.once('listening', resolve))
      const { port } = taken.address() as { port: number }
      const site = await riverside()
      const blocked = defineSite({ ...site, http: { host: '127.0.0.1', port } })
      await assert.rejects(runSite(blocked, options(folder)), { code: 'APP_PORT_IN_USE' })
      taken.close()
      // The store and the MLLP ports are free again.
      const running = await runSite(site, options(folder))
      await running.stop()
    }))

  test('never serves plain HTTP to other machines', () =>
    withFolder(async (folder) => {
      const site = await riverside()
      const open = defineSite({ ...site, http: { host: '0.0.0.0', port: 0 } })
      await assert.rejects(runSite(open, options(folder)), { code: 'APP_PLAIN_HTTP_REFUSED' })
    }))
})
