/**
 * What the laboratory finds. The figures follow from the order alone, so that its preliminary,
 * final and corrected reports agree, but for the one thing that is corrected.
 */

import type { SexCode } from '../cast/people.ts'
import type { ResultStatus } from '../course/journey.ts'
import { pieces } from '../dialects/segment-text.ts'
import type { Draw } from '../draw.ts'
import type { Analyte, Panel, Range } from './lab-orders.ts'
import {
  C_REACTIVE_PROTEIN,
  FULL_BLOOD_COUNT,
  RESPIRATORY_VIRUSES,
  rangeFor,
  TROPONIN,
  UREA_AND_ELECTROLYTES,
  URINE_CULTURE,
} from './lab-orders.ts'
import type { Observation } from './observation.ts'
import { LABORATORY_CODES, observation } from './observation.ts'
import { urineCulture } from './urine-culture.ts'

export function panelResults(
  draw: Draw,
  panel: Panel,
  status: ResultStatus,
  sex: SexCode,
): readonly Observation[] {
  if (panel === URINE_CULTURE) return urineCulture(draw, status)
  if (panel === RESPIRATORY_VIRUSES) return viruses(draw, status)
  return figures(draw, panel, status, sex)
}

function figures(
  draw: Draw,
  panel: Panel,
  status: ResultStatus,
  sex: SexCode,
): readonly Observation[] {
  // Older analysers print units in ASCII; the others need a character above it.
  const isAscii = draw.chance(0.3)
  const values = panel.analytes.map((analyte) => drawValue(draw, rangeFor(analyte, sex)))
  const corrected = draw.whole(0, panel.analytes.length - 1)
  return panel.analytes.map((analyte, at) => {
    const range = rangeFor(analyte, sex)
    const isCorrected = status === 'C' && at === corrected
    const value = isCorrected ? (range.low + range.high) / 2 : (values[at] ?? range.low)
    return observation({
      ...reading(analyte, value),
      code: codeOf(analyte),
      units: isAscii ? analyte.units.replace('µ', 'u') : analyte.units,
      range: rangeText(analyte, range),
      flag: flagOf(value, range),
      status: isCorrected ? 'C' : status === 'P' ? 'P' : 'F',
      notes: isCorrected ? [correctionNote(analyte, values[at] ?? range.low)] : [],
    })
  })
}

const codeOf = ({ code, name, loinc }: Analyte): readonly string[] =>
  loinc === undefined
    ? [code, name, LABORATORY_CODES]
    : [code, name, LABORATORY_CODES, loinc, name, 'LN']

/** Three in four are within the range. */
function drawValue(draw: Draw, range: Range): number {
  const spread = range.high - range.low
  const kind = draw.whole(1, 12)
  if (kind === 1) return range.high + spread * draw.between(0.6, 2)
  if (kind === 2) return Math.max(range.low * 0.4, range.low - spread * 0.5)
  if (kind === 3) return range.high + spread * draw.between(0.05, 0.5)
  return range.low + spread * draw.between(0.05, 0.95)
}

/** A number, or a structured one where the analyser only knows that it is beyond its limit. */
function reading(analyte: Analyte, value: number): Pick<Observation, 'type' | 'value'> {
  const { reportableMax, reportableMin, decimals } = analyte
  if (reportableMax !== undefined && value > reportableMax) {
    return { type: 'SN', value: pieces('>', String(reportableMax)) }
  }
  if (reportableMin !== undefined && value < reportableMin) {
    return { type: 'SN', value: pieces('<', String(reportableMin)) }
  }
  return { type: 'NM', value: value.toFixed(decimals) }
}

function rangeText({ decimals }: Analyte, { low, high }: Range): string {
  return low === 0 ? `<${high}` : `${low.toFixed(decimals)}-${high.toFixed(decimals)}`
}

/** HL7 table 0078. */
function flagOf(value: number, { low, high }: Range): string {
  if (value > high) return value > high + (high - low) * 0.5 ? 'HH' : 'H'
  if (value < low) return value < low * 0.7 ? 'LL' : 'L'
  return ''
}

const correctionNote = (analyte: Analyte, before: number): string =>
  `Corrected: reported before as ${before.toFixed(analyte.decimals)} ${analyte.units}, ` +
  'sample haemolysed & repeated.'

const VIRUSES = [
  ['FLUA', 'Influenza A RNA'],
  ['FLUB', 'Influenza B RNA'],
  ['RSV', 'RSV RNA'],
  ['SARS2', 'SARS-CoV-2 RNA'],
] as const

function viruses(draw: Draw, status: ResultStatus): readonly Observation[] {
  const found = draw.whole(0, VIRUSES.length * 2)
  // A correction turns the answer round: what was found was not there, or the other way about.
  const detected = status !== 'C' ? found : found < VIRUSES.length ? -1 : 0
  return VIRUSES.map(([code, name], at) => {
    const isDetected = at === detected
    const value = isDetected
      ? pieces('DET', 'Detected', LABORATORY_CODES)
      : pieces('NDET', 'Not detected', LABORATORY_CODES)
    return observation({
      type: 'CE',
      code: [code, name, LABORATORY_CODES],
      value,
      flag: isDetected ? 'A' : '',
      status,
    })
  })
}

/** Comments to a whole panel, now and then; some hold what only Latin-1 can write. */
export function panelComments(draw: Draw, panel: Panel): readonly string[] {
  if (panel === FULL_BLOOD_COUNT && draw.chance(0.3)) {
    return ['Film: occasional target cells | no blasts seen.', 'Platelets clumped: repeat advised.']
  }
  if (panel === UREA_AND_ELECTROLYTES && draw.chance(0.3)) {
    return ['AKI alert: creatinine rise > 26 µmol/L in 48 hours.']
  }
  if (panel === TROPONIN && draw.chance(0.5)) return ['Repeat at 3 hours if pain began < 6 h ago.']
  if (panel === C_REACTIVE_PROTEIN && draw.chance(0.2)) return ['Sample kept at 4°C for 3 days.']
  if (panel === RESPIRATORY_VIRUSES && draw.chance(0.5)) {
    return ['Test sent away: £38.50 is charged to the ward.']
  }
  return []
}
