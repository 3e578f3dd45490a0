/** Public door of the room: stand-ins for the systems that Almoner speaks with. */
export { SIM_ERRORS } from './errors.ts'
export { RIVERSIDE, RIVERSIDE_OID } from './hospital-feed/cast/trust.ts'
export {
  createFeed,
  type Feed,
  type FeedMessage,
  type FeedOptions,
  type FeedSourceName,
  fixedDay,
  type MessageSupply,
  supplyOf,
} from './hospital-feed/feed.ts'
export { type NamesInFeed, namesInFeed } from './hospital-feed/names-in-feed.ts'
export {
  type FeedTarget,
  type Played,
  type PlayOptions,
  playFeed,
} from './hospital-feed/play-feed.ts'
export type { Percentiles } from './mllp-load/latency.ts'
export { type LoadMessage, numberedMessages } from './mllp-load/load-message.ts'
export { type LoadOptions, type LoadResult, runLoad } from './mllp-load/run-load.ts'
export type { Answer, AnswerKind } from './receiver/answer.ts'
export type { Received } from './receiver/arrivals.ts'
export {
  type Incoming,
  type Receiver,
  type ReceiverOptions,
  type Script,
  startReceiver,
} from './receiver/receiver.ts'
