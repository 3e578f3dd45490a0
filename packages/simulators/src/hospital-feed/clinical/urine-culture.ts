/** A microbiology report: text for people, a count, an organism, and what it is sensitive to. */

import type { ResultStatus } from '../course/journey.ts'
import { formattedLines, pieces, plain } from '../dialects/segment-text.ts'
import type { Draw } from '../draw.ts'
import type { Observation } from './observation.ts'
import { LABORATORY_CODES, observation } from './observation.ts'

const ORGANISMS = [
  ['ECOLI', 'Escherichia coli'],
  ['KLEB', 'Klebsiella pneumoniae'],
  ['PROT', 'Proteus mirabilis'],
] as const

/** Slash and bar stand in the names, as laboratories write combinations. */
const ANTIBIOTICS = [
  ['NITRO', 'Nitrofurantoin'],
  ['TRIM', 'Trimethoprim'],
  ['COAMOX', 'Amoxicillin|clavulanate'],
  ['PIPTAZ', 'Piperacillin/tazobactam'],
] as const

type Row = Pick<Observation, 'type' | 'code' | 'value'> & Partial<Observation>

export function urineCulture(draw: Draw, status: ResultStatus): readonly Observation[] {
  const whiteCells = draw.whole(10, 400)
  const organism = draw.pick(ORGANISMS)
  const other = draw.pick(ORGANISMS.filter((one) => one !== organism))
  const answers = ANTIBIOTICS.map(() => draw.pick(['S', 'S', 'R', 'I']))
  const rows = status === 'P' ? [] : culture(status === 'C' ? other : organism, answers)
  return [microscopy(whiteCells), ...rows, ...remarks(status)].map((row) =>
    observation({ ...row, status }),
  )
}

const microscopy = (whiteCells: number): Row => ({
  type: 'FT',
  code: ['MICRO', 'Microscopy', LABORATORY_CODES],
  value: formattedLines([
    'Microscopy',
    `  White cells   ${whiteCells} x 10^6/L`,
    '  Red cells     < 10 x 10^6/L',
    '',
    'Epithelial cells & mucus: +',
  ]),
})

function culture(
  [code, name]: (typeof ORGANISMS)[number],
  answers: readonly string[],
): readonly Row[] {
  return [
    {
      type: 'SN',
      code: ['COUNT', 'Colony count', LABORATORY_CODES],
      value: pieces('>', '100000'),
      units: 'CFU/mL',
      flag: 'A',
    },
    {
      type: 'CE',
      code: ['ORG', 'Organism', LABORATORY_CODES],
      subId: '1',
      value: pieces(code, name, LABORATORY_CODES),
      flag: 'A',
    },
    ...ANTIBIOTICS.map(
      ([antibiotic, title], at): Row => ({
        type: 'ST',
        code: [antibiotic, title, LABORATORY_CODES],
        subId: '1',
        value: plain({ S: 'Sensitive', R: 'Resistant', I: 'Intermediate' }[answers[at]!] ?? ''),
        flag: answers[at] ?? '',
      }),
    ),
  ]
}

/** One line of text each, indented as the screen of the laboratory shows it. */
function remarks(status: ResultStatus): readonly Row[] {
  const lines = {
    P: ['Culture to follow.'],
    F: ['Comment:', '   Significant growth.', '   Treat by local guideline; see R&D leaflet 7.'],
    C: ['Comment:', '   Organism CORRECTED after repeat identification.'],
  }[status]
  return lines.map((line) => ({
    type: 'TX',
    code: ['REMARK', 'Comment', LABORATORY_CODES],
    value: plain(line),
  }))
}
