/** Public door of the room: HL7 v2 text to immutable message and back, and MLLP. */
export { type Ack, type AckCode, createAck } from './ack.ts'
export type { AckError } from './ack-error.ts'
export { ackWanted } from './ack-wanted.ts'
export { type Batch, type BatchLimits, splitBatch } from './batch.ts'
export { type Charset, type DecodedBytes, decodeBytes, encodeText } from './charset.ts'
export { decode, decodeFormatted } from './decode.ts'
export {
  createDeframer,
  type Deframer,
  type FrameEvent,
  type FrameLimits,
} from './deframer.ts'
export { insertSegment, removeSegment, setRaw, setValue } from './edit.ts'
export { HL7_ERRORS } from './errors.ts'
export { escapeText } from './escape-text.ts'
export { type ExplainedLeaf, explain } from './explain.ts'
export { field, fields } from './field.ts'
export { find, get } from './find.ts'
export { frame } from './frame.ts'
export { type Header, readHeader } from './header.ts'
export { forEachLeaf, type VisitLeaf } from './leaf.ts'
export { formatLeaf } from './leaf-place.ts'
export {
  type Delimiters,
  isNull,
  isPopulated,
  type Leniency,
  type Message,
  type Region,
  raw,
  type Segment,
  segmentsNamed,
  serialise,
} from './message.ts'
export { PARSE_LIMITS, type ParseLimits, parseMessage } from './parse.ts'
export { formatPath, type Path, parsePath } from './path.ts'
export { component, components, repetitions, subcomponent, subcomponents } from './piece.ts'
export { PROBLEM_SENTENCES, type ProblemCode } from './problem-sentences.ts'
export { type Problem, problems } from './problems.ts'
export { type ReadAck, readAck } from './read-ack.ts'
