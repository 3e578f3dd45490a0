/** The rules of one country or site: segments with everything laid over them. */
import type { SegmentRules } from '../rule/segment.ts'

export type UkProfile = {
  readonly name: string
  /** Raised when code of the rules changes in a way that the printed rows do not show. */
  readonly revision: number
  readonly pid: SegmentRules
  readonly pd1: SegmentRules
  readonly nk1: SegmentRules
  readonly mrg: SegmentRules
  readonly pv1: SegmentRules
  readonly pv2: SegmentRules
  readonly orc: SegmentRules
  readonly obr: SegmentRules
  readonly obx: SegmentRules
}
