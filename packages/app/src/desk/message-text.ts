/** Bytes of messages, acknowledgements and replies as lines for people. */
import { decodeBytes } from '@almoner/hl7v2'

const CHARS_MAX = 20_000

/** One line for each segment; what is beyond the limit is counted, not shown. */
export function segmentLines(bytes: Uint8Array): {
  readonly lines: readonly string[]
  readonly leftOutCount: number
} {
  const { text } = decodeBytes(bytes)
  const shown = text.slice(0, CHARS_MAX)
  return {
    lines: shown.split(/\r\n|\r|\n/).filter((line) => line !== ''),
    leftOutCount: text.length - shown.length,
  }
}
