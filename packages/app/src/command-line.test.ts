import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { silentLog, systemPorts } from '@almoner/core'
import { startReceiver } from '@almoner/simulators'
import { runCommandLine } from './command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'almoner-cli-'))
after(() => rmSync(folder, { recursive: true }))

const SITE = new URL('../../../examples/riverside', import.meta.url).pathname
const A31 = [
  'MSH|^~\\&|PAS|RZZ|HUB|RZZ01|20260105120000||ADT^A31^ADT_A05|C1|P|2.4',
  'EVN|A31|20260105120000',
  'PID|1||7^^^RZZ^MR||EXAMPLE^ANN||19700101|2',
  '',
].join('\r')
const file = join(folder, 'a31.hl7')
writeFileSync(file, A31)

async function run(...args: readonly string[]) {
  const out: string[] = []
  const err: string[] = []
  const code = await runCommandLine(args, {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
  })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

describe('the command line', () => {
  test('lists its commands, and each explains itself', async () => {
    const { code, out } = await run('help')
    assert.equal(code, 0)
    const names = [...out.matchAll(/^ {2}([a-z-]+) /gm)].map(([, name]) => name!)
    assert.ok(names.length >= 10)
    for (const name of names) {
      const help = await run(name, '--help')
      assert.equal(help.code, 0)
      assert.match(help.out, new RegExp(`Usage: almoner ${name} `))
    }
  })

  test('converts a message to a Bundle', async () => {
    const { code, out } = await run('convert', file)
    assert.equal(code, 0)
    const { entry } = JSON.parse(out)
    assert.deepEqual(
      entry.map((one: { resource: { resourceType: string } }) => one.resource.resourceType),
      ['Patient'],
    )
  })

  test('prints the ledger of a message, leaf by leaf', async () => {
    const { code, out } = await run('convert', '--ledger', file)
    assert.equal(code, 0)
    assert.match(out, /mapped +PID-5\.1 +→ patient\.name\[0\]\.family/)
    assert.match(out, /\d+ mapped, \d+ ignored by rule, 0 unmapped/)
  })

  test('explains a message with names and values', async () => {
    const { code, out } = await run('inspect', file)
    assert.equal(code, 0)
    assert.match(out, /PID-5\.1 .*"EXAMPLE"/)
  })

  test('sends messages and prints one acknowledgement each', async () => {
    const receiver = await startReceiver({ ports: systemPorts, log: silentLog })
    const to = `127.0.0.1:${receiver.port}`
    assert.deepEqual(await run('send', '--to', to, file), {
      code: 0,
      out: `AA  C1  ${file}, message 1`,
      err: '',
    })
    receiver.setScript(() => ({ kind: 'AE' }))
    assert.equal((await run('send', '--to', to, file)).code, 1)
    await receiver.stop()
    const { code, err } = await run('send', '--to', to, file)
    assert.equal(code, 1)
    assert.match(err, /^TRANSPORT_UNREACHABLE: /)
  })

  test('mints tokens and links, and finds messages', async () => {
    const storage = join(folder, 'data')
    const token = await run('token', SITE, '--name', 'app', '--storage', storage)
    assert.match(token.out, /^[\w-]{43}$/)
    const link = await run('token', SITE, '--name', 'me', '--desk', '--storage', storage)
    assert.match(link.out, /^http:\/\/127\.0\.0\.1:8080\/desk\/sign-in\?link=[\w-]{43}$/)
    const found = await run('messages', SITE, '--storage', storage)
    assert.deepEqual([found.code, found.out], [0, 'No message.'])
    const none = await run('messages', SITE, 'nobody', '--storage', storage)
    assert.match(none.err, /^APP_NOT_FOUND: /)
    const undo = await run('undo-merge', SITE, 'x', '--why', 'test', '--storage', storage)
    assert.match(undo.err, /^STORE_NOT_A_MERGE: /)
  })

  test('checks a site and prints what would flow where', async () => {
    const { code, out } = await run('check', SITE)
    assert.equal(code, 0)
    assert.match(out, /to data-hub .+: permitted, covered/)
    assert.match(out, /DSA-2026-014: live/)
  })
})
