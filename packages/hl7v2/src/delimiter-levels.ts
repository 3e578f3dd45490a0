/** Tells what kind of delimiter a character is in one step: a scan over a message asks per character. */
import { STANDARD_DELIMITERS } from './delimiters.ts'
import { type Delimiters, delimiterCode } from './message.ts'

export const SUBCOMPONENT = 1
export const COMPONENT = 2
export const REPETITION = 3
export const FIELD = 4

/** The level of each character code; 0, or beyond the end, is no delimiter. */
export const delimiterLevels = (delimiters: Delimiters): Uint8Array =>
  delimiters === STANDARD_DELIMITERS ? STANDARD_LEVELS : buildLevels(delimiters)

function buildLevels(delimiters: Delimiters): Uint8Array {
  const levels: readonly (readonly [number, number])[] = [
    [delimiterCode(delimiters.subcomponent), SUBCOMPONENT],
    [delimiterCode(delimiters.component), COMPONENT],
    [delimiterCode(delimiters.repetition), REPETITION],
    [delimiterCode(delimiters.field), FIELD],
  ]
  const table = new Uint8Array(Math.max(...levels.map(([code]) => code)) + 1)
  for (const [code, level] of levels) if (code !== -1) table[code] = level
  return table
}

const STANDARD_LEVELS = buildLevels(STANDARD_DELIMITERS)
