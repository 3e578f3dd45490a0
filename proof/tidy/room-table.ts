/**
 * The rooms of the house: on which floor each is, what it may import, and how its error codes
 * begin. Lower floors know nothing of higher ones. CONTRIBUTING.md shows this table to people.
 */

export type Room = {
  readonly floor: number
  /** Rooms that its source may import, through their public doors. */
  readonly imports: readonly string[]
  /** Its error codes start with one of these. */
  readonly prefixes: readonly string[]
}

const ALL_BELOW_APP = [
  'core',
  'hl7v2',
  'fhir',
  'vault',
  'terminology',
  'store',
  'transport',
  'mapping',
  'identity',
  'governance',
  'engine',
  'connectors',
  'simulators',
]

export const ROOMS: Readonly<Record<string, Room>> = {
  core: { floor: 0, imports: [], prefixes: ['CORE_'] },
  hl7v2: { floor: 1, imports: ['core'], prefixes: ['HL7_'] },
  fhir: { floor: 1, imports: ['core'], prefixes: ['FHIR_'] },
  vault: { floor: 1, imports: ['core'], prefixes: ['VAULT_'] },
  terminology: { floor: 2, imports: ['core', 'fhir'], prefixes: ['TERMINOLOGY_'] },
  store: { floor: 2, imports: ['core', 'fhir', 'vault'], prefixes: ['STORE_'] },
  transport: { floor: 2, imports: ['core', 'hl7v2'], prefixes: ['TRANSPORT_', 'MLLP_', 'TLS_'] },
  mapping: { floor: 3, imports: ['core', 'hl7v2', 'fhir', 'terminology'], prefixes: ['MAP_'] },
  identity: { floor: 3, imports: ['core', 'vault', 'transport'], prefixes: ['IDENTITY_'] },
  governance: { floor: 3, imports: ['core', 'fhir', 'vault', 'store'], prefixes: ['GOVERNANCE_'] },
  engine: {
    floor: 4,
    imports: ['core', 'hl7v2', 'fhir', 'store', 'transport', 'mapping', 'governance'],
    prefixes: ['ENGINE_'],
  },
  connectors: {
    floor: 4,
    imports: [
      'core',
      'hl7v2',
      'fhir',
      'transport',
      'identity',
      'mapping',
      'terminology',
      'governance',
    ],
    prefixes: ['CONNECTOR_'],
  },
  simulators: {
    floor: 4,
    imports: ['core', 'hl7v2', 'fhir', 'transport'],
    prefixes: ['SIM_'],
  },
  app: { floor: 5, imports: ALL_BELOW_APP, prefixes: ['APP_', 'CLI_'] },
}

/** A test may also build what its room is given at run time: any room that is not above it. */
export function mayImport(from: string, to: string, isTest: boolean): boolean {
  const source = ROOMS[from]
  const target = ROOMS[to]
  if (source === undefined || target === undefined || from === to) return false
  return source.imports.includes(to) || (isTest && target.floor <= source.floor)
}
