/**
 * The pieces inside a field: repetitions, components, subcomponents. A piece of length 0 is
 * empty; undefined is absent. Data never holds a bare delimiter (it is escaped), so that splitting
 * needs no knowledge of escapes. Source: HL7 v2.5.1 chapter 2.5.3.
 */
import { delimiterCode, isDelimiterField, type Message, type Region } from './message.ts'

/** The repetitions of a field: at least one. */
export const repetitions = (message: Message, region: Region): readonly Region[] =>
  split(message, region, message.delimiters.repetition)

/** The components of one repetition: at least one. */
export const components = (message: Message, region: Region): readonly Region[] =>
  split(message, region, message.delimiters.component)

/** The subcomponents of one component: at least one. */
export const subcomponents = (message: Message, region: Region): readonly Region[] =>
  split(message, region, message.delimiters.subcomponent)

/** Repetition n of a field, counted from 1. */
export const repetition = (message: Message, region: Region, n: number): Region | undefined =>
  piece(message, region, message.delimiters.repetition, n)

/** Component n of one repetition, counted from 1. */
export const component = (message: Message, region: Region, n: number): Region | undefined =>
  piece(message, region, message.delimiters.component, n)

/** Subcomponent n of one component, counted from 1. */
export const subcomponent = (message: Message, region: Region, n: number): Region | undefined =>
  piece(message, region, message.delimiters.subcomponent, n)

function split(message: Message, region: Region, delimiter: string): readonly Region[] {
  const { text } = message
  const { start, end } = region
  const code = delimiterCode(delimiter)
  if (code === -1 || isDelimiterField(message, region)) return [region]
  const pieces: Region[] = []
  let from = start
  for (let at = start; at < end; at++) {
    if (text.charCodeAt(at) !== code) continue
    pieces.push({ start: from, end: at })
    from = at + 1
  }
  pieces.push({ start: from, end })
  return pieces
}

function piece(message: Message, region: Region, delimiter: string, n: number): Region | undefined {
  const { text } = message
  const { start, end } = region
  const code = delimiterCode(delimiter)
  if (code === -1 || isDelimiterField(message, region)) return n === 1 ? region : undefined
  let number = 1
  let from = start
  for (let at = start; at < end; at++) {
    if (text.charCodeAt(at) !== code) continue
    if (number === n) return { start: from, end: at }
    number++
    from = at + 1
  }
  return number === n ? { start: from, end } : undefined
}
