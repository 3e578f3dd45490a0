import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { createLog, type Log, type LogOptions, silentLog } from './log.ts'
import { phi } from './phi.ts'

type Line = Readonly<Record<string, unknown>>

/** The lines that `write` left in a log of this level. */
function linesOf(level: LogOptions['level'], write: (log: Log) => void): readonly Line[] {
  const folder = mkdtempSync(join(tmpdir(), 'almoner-log-'))
  try {
    const to = join(folder, 'out.log')
    write(createLog({ level, to }))
    const lines = readFileSync(to, 'utf8').split('\n')
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Line)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('createLog', () => {
  test('writes an event with its fields, the time and the level, and nothing of the machine', () => {
    const [line] = linesOf('info', (log) =>
      log.info('message.accepted', { sizeBytes: 9, id: 'm1' }),
    )
    const { time, ...rest } = line!
    assert.match(String(time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    assert.deepEqual(rest, { level: 30, event: 'message.accepted', sizeBytes: 9, id: 'm1' })
  })

  test('has no way to write a sentence: a line has no msg', () => {
    for (const line of linesOf('debug', writeEach)) assert.equal('msg' in line, false)
  })

  test('keeps the name of the event whatever the fields are called', () => {
    const [line] = linesOf('info', (log) => log.info('route.started', { event: 'other' }))
    assert.equal(line!['event'], 'route.started')
  })

  test('hides patient data that gets past the types', () => {
    const fields = { name: phi('SMITH') } as unknown as Record<string, string>
    const [line] = linesOf('info', (log) => log.info('message.held', fields))
    assert.equal(line!['name'], '[patient data]')
  })

  test('leaves out a field that is undefined', () => {
    const [line] = linesOf('info', (log) => log.info('link.closed', { code: undefined }))
    assert.equal('code' in line!, false)
  })

  for (const [level, events] of [
    ['debug', ['a.debugged', 'b.informed', 'c.warned', 'd.failed']],
    ['info', ['b.informed', 'c.warned', 'd.failed']],
    ['warn', ['c.warned', 'd.failed']],
    ['error', ['d.failed']],
    ['silent', []],
  ] as const) {
    test(`writes ${events.length} of four levels at ${level}`, () => {
      const lines = linesOf(level, writeEach)
      assert.deepEqual(
        lines.map((line) => line['event']),
        events,
      )
    })
  }

  test('can be silent', () => {
    assert.doesNotThrow(() => writeEach(silentLog))
  })
})

function writeEach(log: Log): void {
  log.debug('a.debugged')
  log.info('b.informed')
  log.warn('c.warned')
  log.error('d.failed')
}
