/**
 * What kind of data a message or a resource holds, as a closed list that agreements speak in.
 * What is not listed here is `unclassified`, which no agreement can cover.
 * Source: the segments that each message structure allows, HL7 v2.4 and v2.5.1 chapters 3 to 12;
 * FHIR R4 resource list.
 */

export const CATEGORIES = [
  'demographics',
  'encounters',
  'appointments',
  'referrals',
  'orders',
  'results',
  'documents',
  'diagnoses',
  'procedures',
  'allergies',
  'medications',
  'immunisations',
  'finance',
  /** Staff, organisations and places, as records of their own. */
  'directory',
  /** Segments that a site defined for itself (Z segments). */
  'local',
] as const

export type Category = (typeof CATEGORIES)[number]
export type Classified = Category | 'unclassified'

type MessageRow = {
  /** What every message of this type is about. */
  readonly always: readonly Category[]
  /** What else the standard lets it carry. */
  readonly maybe: readonly Category[]
}

const PATIENT = ['demographics', 'encounters'] as const
const CLINICAL = ['allergies', 'diagnoses', 'procedures', 'results'] as const

const MESSAGES: ReadonlyMap<string, MessageRow> = new Map<string, MessageRow>([
  ['ADT', { always: PATIENT, maybe: [...CLINICAL, 'finance'] }],
  ['BAR', { always: [...PATIENT, 'finance'], maybe: CLINICAL }],
  ['DFT', { always: [...PATIENT, 'finance'], maybe: CLINICAL }],
  ['SIU', { always: [...PATIENT, 'appointments'], maybe: ['diagnoses', 'procedures', 'results'] }],
  ['ORM', { always: [...PATIENT, 'orders'], maybe: [...CLINICAL, 'medications', 'finance'] }],
  ['OMG', { always: [...PATIENT, 'orders'], maybe: [...CLINICAL, 'finance'] }],
  ['OML', { always: [...PATIENT, 'orders'], maybe: [...CLINICAL, 'finance'] }],
  ['ORR', { always: ['demographics', 'orders'], maybe: ['encounters', 'medications'] }],
  ['ORG', { always: ['demographics', 'orders'], maybe: ['encounters'] }],
  ['ORL', { always: ['demographics', 'orders'], maybe: ['encounters'] }],
  ['ORU', { always: [...PATIENT, 'results'], maybe: ['documents', 'orders', 'finance'] }],
  ['OUL', { always: [...PATIENT, 'results'], maybe: ['orders'] }],
  ['MDM', { always: [...PATIENT, 'documents'], maybe: ['orders', 'results'] }],
  ['REF', { always: [...PATIENT, 'referrals'], maybe: [...CLINICAL, 'appointments', 'finance'] }],
  ['RRI', { always: [...PATIENT, 'referrals'], maybe: [...CLINICAL, 'appointments', 'finance'] }],
  ['VXU', { always: [...PATIENT, 'immunisations'], maybe: ['allergies', 'results', 'finance'] }],
  ['OMP', { always: [...PATIENT, 'medications'], maybe: [...CLINICAL, 'finance'] }],
  ['RDE', { always: [...PATIENT, 'medications'], maybe: [...CLINICAL, 'finance'] }],
  ['RDS', { always: [...PATIENT, 'medications'], maybe: ['allergies', 'results', 'finance'] }],
  ['RGV', { always: [...PATIENT, 'medications'], maybe: ['allergies', 'results'] }],
  ['RAS', { always: [...PATIENT, 'medications'], maybe: ['allergies', 'results'] }],
  ['MFN', { always: ['directory'], maybe: [] }],
])

/**
 * The categories that a segment may belong to: the first that the message is about anyway, or
 * else the first of the row. An empty row is structure, or goes with the segment before it.
 */
const SEGMENTS: ReadonlyMap<string, readonly Category[]> = new Map(
  Object.entries({
    'MSH EVN SFT UAC MSA ERR DSC NTE': [],
    'PID PD1 NK1 MRG PDA ARV': ['demographics'],
    'PV1 PV2 ACC ROL PRT DB1': ['encounters'],
    'SCH RGS AIS AIG AIL AIP': ['appointments', 'referrals'],
    'RF1 AUT PRD CTD': ['referrals', 'orders', 'results'],
    'ORC OBR TQ1 TQ2 CTI': [
      'orders',
      'results',
      'documents',
      'medications',
      'immunisations',
      'referrals',
      'appointments',
    ],
    'OBX SPM SAC SID TCD': ['results', 'documents', 'orders', 'immunisations', 'medications'],
    TXA: ['documents'],
    DG1: ['diagnoses'],
    DRG: ['diagnoses', 'finance'],
    'PR1 GP1 GP2': ['procedures'],
    'AL1 IAM': ['allergies'],
    'RXO RXE RXD RXG RXC RXR': ['medications', 'immunisations'],
    RXA: ['immunisations', 'medications'],
    'IN1 IN2 IN3 GT1 FT1 BLG UB1 UB2': ['finance'],
    'MFI MFE STF PRA ORG AFF LAN EDU CER LOC LCH LRL LDP LCC': ['directory'],
  } satisfies Record<string, readonly Category[]>).flatMap(([names, categories]) =>
    names.split(' ').map((name) => [name, categories] as const),
  ),
)

const RESOURCES: ReadonlyMap<string, readonly Category[]> = new Map(
  Object.entries({
    'MessageHeader OperationOutcome Provenance': [],
    'Patient RelatedPerson Person': ['demographics'],
    'Encounter EpisodeOfCare': ['encounters'],
    'Appointment AppointmentResponse Schedule Slot': ['appointments'],
    // A request for a test and a referral are the same type: it may be either.
    'ServiceRequest Task': ['orders', 'referrals'],
    'Observation DiagnosticReport Specimen ImagingStudy': ['results'],
    'DocumentReference Composition Binary': ['documents'],
    Condition: ['diagnoses'],
    Procedure: ['procedures'],
    AllergyIntolerance: ['allergies'],
    'Medication MedicationRequest MedicationStatement MedicationDispense MedicationAdministration':
      ['medications'],
    Immunization: ['immunisations'],
    'Account Coverage Claim ChargeItem': ['finance'],
    'Practitioner PractitionerRole Organization Location HealthcareService': ['directory'],
  } satisfies Record<string, readonly Category[]>).flatMap(([types, categories]) =>
    types.split(' ').map((type) => [type, categories] as const),
  ),
)

/**
 * What a v2 message holds. `messageType` as in MSH-9 (`ADT^A01`); `segments` are the names of all
 * its segments. Without them it is taken to hold everything that its type may carry, because a
 * message that was not looked into may hold any of it.
 */
export function categoriesOf(
  messageType: string,
  segments?: readonly string[],
): readonly Classified[] {
  const row = MESSAGES.get(messageType.split(/[\^_]/, 1)[0] ?? '')
  if (row === undefined) return ['unclassified']
  if (segments === undefined) return inOrder([...row.always, ...row.maybe])
  return inOrder([...row.always, ...segments.flatMap((name) => ofSegment(name, row.always))])
}

function ofSegment(name: string, always: readonly Category[]): readonly Classified[] {
  if (name.startsWith('Z')) return ['local']
  const categories = SEGMENTS.get(name)
  if (categories === undefined) return ['unclassified']
  const [first] = categories
  if (first === undefined || categories.some((one) => always.includes(one))) return []
  return [first]
}

/**
 * What FHIR resources of these types hold. A Bundle is unclassified: give the types of all that
 * is in it, contained resources too.
 */
export function categoriesOfResources(types: readonly string[]): readonly Classified[] {
  return inOrder(
    types.flatMap((type): readonly Classified[] => RESOURCES.get(type) ?? ['unclassified']),
  )
}

/** Each once, in the order of the list, so that equal contents print equally. */
const inOrder = (found: readonly Classified[]): readonly Classified[] =>
  [...CATEGORIES, 'unclassified' as const].filter((category) => found.includes(category))
