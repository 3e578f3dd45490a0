/**
 * PID-13, PID-14 and PID-40 ⇄ Patient.telecom. Each use is a snapshot: what the message says of
 * home numbers takes the place of the home numbers, and so on. A field speaks for its own uses
 * even when it is empty of them, so that a mobile number that is gone from PID-13 goes.
 * Source: v2-to-FHIR IG, PID[Patient]; ITK HL7 v2 message specifications 1.0.15, PID-13.
 */
import type { ContactPoint } from '@almoner/fhir'
import { compileDatatype, type ReadRepetition } from '../rule/datatype.ts'
import { setSlot, uniteSlot } from '../rule/draft-builder.ts'
import { fieldFrom, hasField, type Reading, take } from '../rule/reading.ts'
import { isNullField, readRepetitions, type SegmentRule } from '../rule/segment.ts'
import { xtn } from '../types/xtn.ts'

const CLAIMS = {
  home: { use: 'home' },
  mobile: { use: 'mobile' },
  work: { use: 'work' },
} as const

type Use = keyof typeof CLAIMS
const USES = ['home', 'mobile', 'work'] as const

type Source = {
  readonly field: number
  readonly read: ReadRepetition<ContactPoint>
  /** Uses that the field speaks for. */
  readonly speaksFor: readonly Use[]
}

export const patientTelecomRule: SegmentRule = {
  name: 'telecom',
  compile(site) {
    const sources: readonly Source[] = [
      {
        field: 13,
        read: compileDatatype(xtn('home'), site, 'PID-13', 'telecom'),
        speaksFor: ['home', 'mobile'],
      },
      {
        field: 14,
        read: compileDatatype(xtn('work'), site, 'PID-14', 'telecom'),
        speaksFor: ['work'],
      },
      {
        field: 40,
        read: compileDatatype(xtn(undefined), site, 'PID-40', 'telecom'),
        speaksFor: [],
      },
    ]
    return (reading, segment, draft) => {
      if (!sources.some(({ field }) => hasField(reading, segment, field))) return
      const points: ContactPoint[] = []
      const spoken = new Set<string>()
      for (const source of sources) readSource(reading, segment, source, points, spoken)
      for (const { use } of points) if (use !== undefined) spoken.add(use)
      for (const use of USES) {
        if (!spoken.has(use)) continue
        const slot = setSlot(
          draft,
          'telecom',
          points.filter((point) => point.use === use),
          CLAIMS[use],
        )
        markNull(reading, segment, sources, use, slot)
      }
      uniteSlot(
        draft,
        'telecom',
        points.filter(({ use }) => use === undefined),
      )
    }
  },
}

function readSource(
  reading: Reading,
  segment: number,
  { field, read, speaksFor }: Source,
  points: ContactPoint[],
  spoken: Set<string>,
): void {
  if (!hasField(reading, segment, field)) return
  const found = readRepetitions(reading, read, segment, field)
  points.push(...found)
  // A field of which nothing could be read says nothing about what there is.
  if (found.length === 0 && !isNullField(reading, segment, field)) return
  for (const use of speaksFor) spoken.add(use)
}

/** `""` in a field deletes the numbers of its first use; the leaf is marked with that slot. */
function markNull(
  reading: Reading,
  segment: number,
  sources: readonly Source[],
  use: Use,
  slot: object | undefined,
): void {
  for (const { field, speaksFor } of sources) {
    if (speaksFor[0] !== use || !isNullField(reading, segment, field)) continue
    const leaf = fieldFrom(reading, segment, field)
    take(reading, leaf, reading.marks[leaf]!, slot, '')
  }
}
