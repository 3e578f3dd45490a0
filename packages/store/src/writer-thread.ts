/** Entry of the writer thread: the only place that writes to the SQLite file. */

import { parentPort, workerData } from 'node:worker_threads'
import { errorToWire, isAlmonerError, systemRandom } from '@almoner/core'
import { createVault, openKeyring } from '@almoner/vault'
import { createGroupCommit, type Done, type Work } from './group-commit.ts'
import { createResourceCache } from './resource-cache.ts'
import { openSqliteFile } from './sqlite-file.ts'
import { sqliteSession } from './sqlite-session.ts'
import type { DoneWire, WriterConfig } from './writer.ts'

const RESOURCES_CACHED_BYTES_MAX = 16 * 1024 * 1024

// The thread's creator passes exactly this shape (writer.ts).
const config = workerData as WriterConfig
const database = openSqliteFile(config.file, 'write', config.pagesMax)
const keyring = openKeyring(config.keyringFile, { random: systemRandom, create: false })
const commit = createGroupCommit(database, {
  session: sqliteSession(database),
  vault: createVault(keyring, { random: systemRandom }),
  tenant: config.tenant,
  cache: createResourceCache(RESOURCES_CACHED_BYTES_MAX),
})
const port = parentPort!

port.on('message', (group: readonly Work[] | 'close') => {
  if (group === 'close') {
    database.close()
    port.close()
    return
  }
  // A rejection here is a bug: it ends this thread, and the store refuses writes from then on.
  void commit(group).then((done) => port.postMessage(done.map(toWire)))
})

function toWire(done: Done): DoneWire {
  if (!('error' in done)) return { value: done.value }
  if (isAlmonerError(done.error)) return { failure: errorToWire(done.error) }
  return { bug: done.error instanceof Error ? done.error : new Error('unknown failure') }
}
