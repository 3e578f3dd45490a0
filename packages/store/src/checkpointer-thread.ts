/**
 * Entry of the checkpointer thread: folds the write-ahead log into the database file beside the
 * writer, so that no sender waits for it. Source: sqlite.org/wal.html, section 3.
 */
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

const BUSY_MS = 5_000

// The thread's creator passes the path of the file (checkpointer.ts).
const database = new DatabaseSync(workerData as string, { timeout: BUSY_MS })
database.exec('pragma synchronous = full')
// Passive: it takes what no reader needs any more and never keeps the writer waiting.
const checkpoint = database.prepare('pragma wal_checkpoint(passive)')
const port = parentPort!

port.on('message', (wish: 'checkpoint' | 'close') => {
  if (wish === 'checkpoint') {
    checkpoint.get()
    port.postMessage('done')
    return
  }
  database.close()
  port.close()
})
