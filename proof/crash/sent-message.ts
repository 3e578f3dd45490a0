/** The messages of the proof: for each patient a row of updates that can be told apart. */
import { frame } from '@almoner/hl7v2'
import type { LoadMessage } from '@almoner/simulators'

export type SentMessage = LoadMessage & { readonly patient: string; readonly place: number }

/** Update `place` (from 0) of patient `patient`: only address line and control id differ. */
export function sentMessage(patient: string, place: number): SentMessage {
  const controlId = `${patient}-${String(place).padStart(5, '0')}`
  const text = [
    `MSH|^~\\&|PAS|RZZ|HUB|RZZ01|20260105120000||ADT^A31^ADT_A05|${controlId}|P|2.4`,
    'EVN|A31|20260105120000',
    `PID|1||${patient}^^^RZZ^MR||CRASHTEST^${patient}||19700101|1|||${place + 1} INVENTED STREET^^TESTTOWN^^ZZ99 3AA`,
    'PV1|1|N',
    '',
  ].join('\r')
  return { controlId, frame: frame(Buffer.from(text)), patient, place }
}
