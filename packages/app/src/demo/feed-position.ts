/** Where the demo's feed stands, so that a second start goes on where the first stopped. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

export type FeedPosition = {
  readonly seed: number
  readonly startAtMs: number
  /** Index of the next message to send. */
  readonly next: number
}

/** The position of an earlier run, or `fresh` when there was none. */
export function readPosition(file: string, fresh: FeedPosition): FeedPosition {
  if (!existsSync(file)) return fresh
  // Written below; a message sent twice because the file is behind is answered as a repeat.
  return JSON.parse(readFileSync(file, 'utf8')) as FeedPosition
}

export function writePosition(file: string, position: FeedPosition): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(position)}\n`)
  renameSync(`${file}.new`, file)
}
