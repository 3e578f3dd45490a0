/** Whether the sender wants an acknowledgement. Source: HL7 v2.5.1 chapter 2.9.2, table 0155. */
import type { AckCode } from './ack.ts'
import type { Header } from './header.ts'

/**
 * In original mode (MSH-15 and MSH-16 both empty) every application acknowledgement is wanted and
 * no accept acknowledgement. In enhanced mode MSH-15 decides on CA, CE, CR and MSH-16 on AA, AE,
 * AR; the one left empty means never. A value outside the table is answered: a sender that waits
 * for an answer in vain stops its feed.
 */
export function ackWanted(
  header: Pick<Header, 'acceptAck' | 'applicationAck'>,
  code: AckCode,
): boolean {
  const isAccept = code.startsWith('C')
  if (header.acceptAck === '' && header.applicationAck === '') return !isAccept
  const isPositive = code.endsWith('A')
  switch (isAccept ? header.acceptAck : header.applicationAck) {
    case '':
    case 'NE':
      return false
    case 'ER':
      return !isPositive
    case 'SU':
      return isPositive
    default:
      return true
  }
}
