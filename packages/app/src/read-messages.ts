/** Reads HL7 v2 messages from files or standard input, one after another, whatever ends their lines. */

import { readFileSync, statSync } from 'node:fs'
import { AlmonerError } from '@almoner/core'
import { APP_ERRORS } from './app.errors.ts'

export type MessageBytes = {
  readonly file: string
  /** Position in the file, from 1. */
  readonly index: number
  readonly bytes: Uint8Array
}

/** A whole input is read at once up to this size; larger ones are batches for `send` in parts. */
const INPUT_BYTES_MAX = 256 * 1024 * 1024

/** `-` is standard input. @throws APP_FILE_UNREADABLE */
export function* readMessages(files: readonly string[]): Generator<MessageBytes> {
  for (const file of files) {
    let index = 0
    for (const bytes of splitMessages(readInput(file))) {
      index += 1
      yield { file, index, bytes }
    }
  }
}

function readInput(file: string): Buffer {
  try {
    if (file === '-') return readFileSync(0)
    if (statSync(file).size > INPUT_BYTES_MAX) {
      const where = `${file} is larger than ${INPUT_BYTES_MAX / 1024 / 1024} MiB`
      throw APP_ERRORS.error('APP_FILE_UNREADABLE', { where })
    }
    return readFileSync(file)
  } catch (cause) {
    if (cause instanceof AlmonerError) throw cause
    throw APP_ERRORS.error('APP_FILE_UNREADABLE', { where: file, cause })
  }
}

const MSH = Buffer.from('MSH')
/** CR, LF, and the MLLP marks that captured traffic contains. */
const BETWEEN = new Set([0x0d, 0x0a, 0x0b, 0x1c])

/**
 * One piece per line that starts with MSH; what stands before the first is a piece of its own, so
 * that it is reported and not skipped. FHS, BHS, BTS and FTS lines around a batch stay with the
 * message they stand next to and show there as what they are.
 */
export function splitMessages(bytes: Buffer): readonly Uint8Array[] {
  const starts: number[] = []
  for (let at = bytes.indexOf(MSH); at !== -1; at = bytes.indexOf(MSH, at + 1)) {
    if (at === 0 || BETWEEN.has(bytes[at - 1]!)) starts.push(at)
  }
  if (starts[0] !== 0) starts.unshift(0)
  return starts
    .map((start, index) => trimmed(bytes.subarray(start, starts[index + 1] ?? bytes.length)))
    .filter((piece, index) => piece.length > 0 || (index === 0 && starts.length === 1))
}

/** Without the MLLP end marks and blank lines after the message, and blank lines before it. */
function trimmed(piece: Buffer): Buffer {
  let end = piece.length
  while (end > 0 && (BETWEEN.has(piece[end - 1]!) || piece[end - 1] === 0x20)) end -= 1
  let start = 0
  while (start < end && BETWEEN.has(piece[start]!)) start += 1
  return piece.subarray(start, end)
}
