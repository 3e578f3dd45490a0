/**
 * A process that writes messages until its disk fails, then prints what it was told. It is started
 * under a limit on the size of its files, beyond which the kernel refuses every write.
 */
import { argv } from 'node:process'
import { seededPorts, silentLog, virtualClock } from '@almoner/core'
import { openSqliteStore } from '../sqlite-store.ts'
import { newMessage } from './samples.ts'
import { START_MS, TENANT } from './stores.ts'

export type DiskReport = {
  /** Ids of the messages that were acknowledged. */
  readonly acknowledged: readonly string[]
  /** How the others ended, in order. */
  readonly codes: readonly string[]
  readonly fatal: readonly string[]
}

const AT_ONCE = 8
const ROUNDS_MAX = 1_000

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)

if (import.meta.main) {
  const fatal: string[] = []
  const store = openSqliteStore({
    folder: argv[2] ?? '',
    tenant: TENANT,
    ports: seededPorts(3, virtualClock(START_MS)),
    log: silentLog,
    onFatal: (error) => void fatal.push(codeOf(error)),
  })
  const acknowledged: string[] = []
  const codes: string[] = []
  for (let round = 0; codes.length <= AT_ONCE && round < ROUNDS_MAX; round += 1) {
    const messages = Array.from({ length: AT_ONCE }, () =>
      newMessage({ body: new Uint8Array(20_000) }),
    )
    const writes = messages.map((message) => store.write('acceptMessage', message))
    for (const [at, result] of (await Promise.allSettled(writes)).entries()) {
      if (result.status === 'fulfilled') acknowledged.push(messages[at]!.id)
      else codes.push(codeOf(result.reason))
    }
  }
  await store.close()
  const report: DiskReport = { acknowledged, codes, fatal }
  console.log(JSON.stringify(report))
}
