/**
 * What an access may do. Apps carry SMART backend scopes (`system/Patient.rs`), people carry desk
 * scopes. Everything that is not granted is denied; a scope that is not understood grants nothing.
 * Source: HL7 SMART App Launch 2.2 "Scopes for requesting FHIR Resources" (v2, and v1 `.read`).
 */

/** Everything on the operator desk: look, and decide on what is held or dead. */
export const DESK = 'desk'
/** Look at the operator desk, decide nothing. */
export const DESK_READ = 'desk.read'
/** Read /metrics. */
export const METRICS = 'metrics'

export const allowsDesk = (scopes: readonly string[]): boolean =>
  scopes.includes(DESK) || scopes.includes(DESK_READ)

export const allowsRelease = (scopes: readonly string[]): boolean => scopes.includes(DESK)

export type Interaction = 'read' | 'search'

const SYSTEM_SCOPE = /^system\/(\*|[A-Z][A-Za-z]*)\.(c?r?u?d?s?|read|\*)$/

/**
 * Whether the scopes allow the interaction with resources of the type. A granular scope
 * (`system/Observation.rs?category=…`) grants nothing here: half of it must never grant the whole.
 */
export function allowsResource(
  scopes: readonly string[],
  type: string,
  interaction: Interaction,
): boolean {
  return scopes.some((scope) => {
    const match = SYSTEM_SCOPE.exec(scope)
    if (match === null) return false
    const [, granted, permissions] = match
    if (granted !== '*' && granted !== type) return false
    if (permissions === 'read' || permissions === '*') return true
    return permissions?.includes(interaction === 'read' ? 'r' : 's') === true
  })
}
