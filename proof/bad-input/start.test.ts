/** What keeps a site from starting is said in one clear line, and nothing is half-started. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'

const ALMONER = new URL('../../bin/almoner', import.meta.url).pathname
const SITE = new URL('../crash/site.ts', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'almoner-start-'))
after(() => rmSync(folder, { recursive: true }))

const run = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(ALMONER, args, { encoding: 'utf8' })
  return { status, stdout, stderr, lines: stderr.trim().split('\n') }
}

describe('almoner', () => {
  const data = join(folder, 'data')
  const token = ['token', SITE, '--name', 'proof', '--storage', data]

  test('makes a keyring of its own on first use', () => {
    assert.equal(run(...token).status, 0)
  })

  test('refuses a keyring that others may read', () => {
    chmodSync(join(data, 'keyring.json'), 0o644)
    const { status, lines } = run(...token)
    chmodSync(join(data, 'keyring.json'), 0o600)
    assert.equal(status, 1)
    assert.match(lines[0]!, /^VAULT_KEYRING_MODE: .+\.$/)
    assert.equal(lines.length, 2)
  })

  test('refuses a database whose keyring is gone, and never makes a new one', () => {
    const moved = mkdtempSync(join(tmpdir(), 'almoner-key-'))
    spawnSync('mv', [join(data, 'keyring.json'), moved])
    const { status, lines } = run(...token)
    spawnSync('mv', [join(moved, 'keyring.json'), data])
    rmSync(moved, { recursive: true })
    assert.equal(status, 1)
    assert.match(lines[0]!, /^VAULT_KEYRING_MISSING: /)
    assert.equal(run(...token).status, 0)
  })

  test('converts what it can of a file, and names what it cannot and where', () => {
    const file = join(folder, 'mixed.hl7')
    const header = 'MSH|^~\\&|PAS|RZZ|HUB|RZZ01|20260105120000||ADT^A31^ADT_A05|1|P|2.4'
    writeFileSync(file, `garbage\r${header}\rEVN|A31\rPID|1||7^^^RZZ^MR||EXAMPLE^ANN\r`)
    const { status, stdout, stderr } = run('convert', '--json', file)
    assert.equal(status, 1)
    const [bad, good] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.deepEqual([bad.ok, bad.error.code, bad.index], [false, 'HL7_NO_MSH', 1])
    assert.deepEqual([good.ok, good.output.resourceType, good.index], [true, 'Bundle', 2])
    assert.equal(stderr, '')
    const plain = run('convert', file)
    assert.equal(plain.status, 1)
    assert.match(plain.lines[0]!, /^HL7_NO_MSH: .+mixed\.hl7, message 1/)
  })

  test('ends quietly when its reader has seen enough', () => {
    const file = join(folder, 'many.hl7')
    const header = 'MSH|^~\\&|PAS|RZZ|HUB|RZZ01|20260105120000||ADT^A31^ADT_A05|1|P|2.4'
    writeFileSync(file, `${header}\rEVN|A31\rPID|1||7^^^RZZ^MR||EXAMPLE^ANN\r`.repeat(2_000))
    const { stdout, stderr } = spawnSync(
      'sh',
      ['-c', '"$0" convert "$1" | head -1', ALMONER, file],
      {
        encoding: 'utf8',
      },
    )
    assert.deepEqual([stdout, stderr], ['{\n', ''])
  })

  for (const [why, args, code] of [
    ['an unknown command', ['frobnicate'], 'APP_BAD_USAGE'],
    ['an unknown option', ['convert', '--frob'], 'APP_BAD_USAGE'],
    ['a missing argument', ['convert'], 'APP_BAD_USAGE'],
  ] as const) {
    test(`answers ${why} with exit 2 and how it is called`, () => {
      const { status, lines } = run(...args)
      assert.equal(status, 2)
      assert.match(lines[0]!, new RegExp(`^${code}: `))
    })
  }

  for (const [why, args, code] of [
    ['a site that is not there', ['check', 'no/such/site'], 'APP_SITE_NOT_FOUND'],
    ['a file that is no site', ['check', join(folder, 'not-a-site.ts')], 'APP_SITE_UNREADABLE'],
    ['a file that is not there', ['convert', 'no-such-file.hl7'], 'APP_FILE_UNREADABLE'],
  ] as const) {
    test(`answers ${why} with exit 1 and a code`, () => {
      writeFileSync(join(folder, 'not-a-site.ts'), 'export default { hello: 1 }\n')
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}\n')
      const { status, lines } = run(...args)
      assert.equal(status, 1)
      assert.match(lines[0]!, new RegExp(`^${code}: `))
    })
  }
})
