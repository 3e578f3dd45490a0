/** Public door of the room: MLLP in and out, and the one way out for HTTP. */
export { TRANSPORT_ERRORS } from './errors.ts'
export { type AllowedOrigin, type HttpEgress, httpEgress } from './http-egress.ts'
export type { EgressInit, EgressLimits } from './http-exchange.ts'
export {
  MLLP_DESTINATION_SETTINGS,
  MLLP_SOURCE_SETTINGS,
  MLLP_TARGET_SETTINGS,
  type MllpDestinationOptions,
  type MllpSourceOptions,
  type MllpTargetOptions,
} from './mllp.config.ts'
export { mllpDestination } from './mllp-destination.ts'
export { mllpSource } from './mllp-source.ts'
export { sendFrames } from './send-frames.ts'
export {
  TLS_CLIENT_SETTINGS,
  TLS_SERVER_SETTINGS,
  type TlsClientFiles,
  type TlsServerFiles,
} from './tls.ts'
