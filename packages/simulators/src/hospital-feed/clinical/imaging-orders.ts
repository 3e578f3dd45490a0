/**
 * What radiology is asked for, and how it reports. The words hold what reports hold and messages
 * must carry unharmed: delimiters, blank lines, indents.
 */
export type ImagingOrder = {
  readonly code: string
  readonly name: string
  readonly title: string
  readonly findings: readonly (readonly string[])[]
  readonly conclusions: readonly string[]
}

export const IMAGING_ORDERS: Readonly<Record<string, ImagingOrder>> = {
  chest: {
    code: 'XCHES',
    name: 'X-ray chest',
    title: 'Chest X-ray',
    findings: [
      ['The heart is not enlarged.', 'Lungs & pleural spaces clear.', 'No bony lesion.'],
      ['Patchy shadowing at the right base.', '', 'No effusion. CTR < 50%.'],
      ['Right PICC line, tip at T6|T7.', 'Lungs clear.'],
    ],
    conclusions: ['No acute abnormality.', 'Right basal consolidation. Repeat in 6 weeks.'],
  },
  head: {
    code: 'CTHEAD',
    name: 'CT head',
    title: 'CT head',
    findings: [
      ['No intracranial haemorrhage.', 'Grey/white differentiation kept.'],
      ['Small vessel change.', '  - periventricular', '  - left > right', 'No mass effect.'],
    ],
    conclusions: ['No acute intracranial finding.', 'Age related change only.'],
  },
  hip: {
    code: 'XPELV',
    name: 'X-ray pelvis & hips',
    title: 'Pelvis X-ray',
    findings: [
      ['No fracture seen.', 'Degenerative change L4^L5.'],
      ['Joint spaces kept on both sides.'],
    ],
    conclusions: ['No fracture.', 'If pain goes on, MRI is advised.'],
  },
}
