/**
 * OBR-25 and OBX-11 ⇄ status of a report and of a result. FHIR demands a status: where the sender
 * gives none that FHIR knows, it is `unknown`, and the code that was sent stands beside it.
 * Source: v2-to-FHIR IG, OBR[DiagnosticReport] and OBX[Observation]; HL7 tables 0123 and 0085.
 */
import { type CodeTable, codeLens } from '../rule/code-table.ts'
import { clearSlot, defaultSlot, setSlot } from '../rule/draft-builder.ts'
import { fieldFrom, flag, isNullLeaf, refuse, take, trimmedText } from '../rule/reading.ts'
import { alternateCode, primitiveEnd, type SegmentRule } from '../rule/segment.ts'

export const resultStatusRule = (n: number, table: CodeTable, system: string): SegmentRule => ({
  name: 'status',
  compile(site) {
    const lens = codeLens(table)
    const rule = site.add({
      v2: `${site.segment}-${n}`,
      fhir: 'status',
      lens: lens.name,
      codes: lens.codes,
      source: table.source,
      oneWay: lens.oneWay,
    })
    return (reading, segment, draft) => {
      if (primitiveEnd(reading, segment, n, lens) === 0) {
        return defaultSlot(draft, 'status', 'unknown')
      }
      const leaf = fieldFrom(reading, segment, n)
      const sent = isNullLeaf(reading, leaf) ? '' : trimmedText(reading, leaf)
      const status = lens.get(sent, reading, leaf)
      const slot = setSlot(draft, 'status', status ?? 'unknown')
      const isUnknown = status === undefined && sent !== ''
      if (isUnknown) setSlot(draft, '_status', alternateCode(system, sent))
      else clearSlot(draft, '_status')
      if (status !== undefined) return take(reading, leaf, rule, slot, '')
      flag(reading, 'STATUS_UNKNOWN', leaf)
      refuse(reading, leaf, rule, sent === '' ? 'a status cannot be deleted' : lens.refuses)
    }
  },
})
