export { BACKOFF, type Backoff } from './backoff.ts'
export { type Change, type Engine, type EngineDeps, startEngine } from './engine.ts'
export { ENGINE_ERRORS } from './errors.ts'
export { contextOf } from './processor.ts'
export {
  byPatient,
  DELIVERY_POLICY,
  type DeliveryPolicy,
  defineRoute,
  type FhirStoreTarget,
  type ForwardOptions,
  type ForwardTarget,
  fhirStore,
  forward,
  forwardsOf,
  type LaneRule,
  type Route,
  type RouteDefinition,
  type Target,
  takes,
} from './route.ts'
export { defineSite, type Site, type SiteDefinition } from './site.ts'
