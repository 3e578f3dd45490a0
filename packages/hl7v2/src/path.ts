/**
 * Places in a message, as people write them: `PID-5.1`, `PID-3[2].4.1`, `OBX[3]-5[2].1.2`.
 * Every number counts from 1. `???` stands for a line that has no segment name.
 */
import { HL7_ERRORS } from './errors.ts'
import { isSegmentName, UNNAMED } from './segment-name.ts'

export type Path = {
  readonly segment: string
  readonly occurrence: number
  readonly field: number
  readonly repetition: number
  readonly component: number | undefined
  readonly subcomponent: number | undefined
}

/** No number of a path has more digits: an edit never adds more than this many delimiters. */
const DIGITS_MAX = 5

/**
 * Reads a path. Occurrence and repetition are 1 when left out.
 * @throws HL7_BAD_PATH
 */
export function parsePath(text: string): Path {
  const reader = createReader(text)
  const segment = reader.name()
  const occurrence = reader.has('[') ? reader.bracketed() : 1
  reader.expect('-')
  const field = reader.number(0)
  const repetition = reader.has('[') ? reader.bracketed() : 1
  const component = reader.has('.') ? reader.number(1) : undefined
  const subcomponent = component !== undefined && reader.has('.') ? reader.number(1) : undefined
  reader.expectEnd()
  return { segment, occurrence, field, repetition, component, subcomponent }
}

/** The shortest way to write a path; `parsePath` reads it back to the same path. */
export function formatPath(path: Path): string {
  const bracket = (n: number): string => (n === 1 ? '' : `[${n}]`)
  const { component, subcomponent } = path
  const last = component === undefined || subcomponent === undefined ? '' : `.${subcomponent}`
  const tail = component === undefined ? '' : `.${component}${last}`
  return `${path.segment}${bracket(path.occurrence)}-${path.field}${bracket(path.repetition)}${tail}`
}

/**
 * A path made by hand is held to the rules of a written one.
 * @throws HL7_BAD_PATH
 */
export function checkPath(path: Path): Path {
  const read = parsePath(formatPath(path))
  // Half a number would be read as two: `PID-3.1.5` for component 1.5.
  if (read.component !== path.component || read.subcomponent !== path.subcomponent) {
    throw HL7_ERRORS.error('HL7_BAD_PATH', { detail: formatPath(path) })
  }
  return read
}

function createReader(text: string) {
  let at = 0
  const bad = () => HL7_ERRORS.error('HL7_BAD_PATH', { where: `position ${at + 1}`, detail: text })
  const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39
  const number = (min: number): number => {
    const start = at
    let value = 0
    while (isDigit(text.charCodeAt(at))) value = value * 10 + text.charCodeAt(at++) - 0x30
    if (at === start || at - start > DIGITS_MAX || value < min) throw bad()
    return value
  }
  const has = (character: string): boolean => {
    if (text[at] !== character) return false
    at++
    return true
  }
  const expect = (character: string): void => {
    if (!has(character)) throw bad()
  }
  return {
    number,
    has,
    expect,
    name: (): string => {
      const name = text.slice(0, 3)
      if (name !== UNNAMED && !isSegmentName(name)) throw bad()
      at = 3
      return name
    },
    bracketed: (): number => {
      const value = number(1)
      expect(']')
      return value
    },
    expectEnd: (): void => {
      if (at !== text.length) throw bad()
    },
  }
}
