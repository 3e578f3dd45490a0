/** `almoner undo-merge`: takes the merge of two patients back. */
import { systemPorts } from '@almoner/core'
import { badUsage, type Command } from '../command.ts'
import { operator } from '../operator.ts'
import { STORAGE_FLAG, withSiteStore } from '../site-store.ts'

export const undoMerge: Command = {
  name: 'undo-merge',
  summary: 'Take the merge of a patient back.',
  usage: 'SITE PATIENT-ID --why TEXT',
  details: [
    'PATIENT-ID is the logical id of the patient that was replaced. Both patients stand for',
    'themselves again; what happened in between stays in the history. It is audited with the reason.',
    '',
    'Example:  almoner undo-merge examples/riverside 0197… --why "two people, same name"',
  ],
  flags: {
    why: { type: 'string', value: 'TEXT', doc: 'the reason, for the audit log' },
    storage: STORAGE_FLAG,
  },
  run: async (input, output) => {
    const [path, patientId] = input.positionals
    const why = input.text('why')
    if (path === undefined || patientId === undefined || why === undefined) {
      throw badUsage(undoMerge, 'name a site, a patient id and --why')
    }
    const by = operator()
    const atMs = systemPorts.clock.nowMs()
    const { restored } = await withSiteStore(path, input, (store) =>
      store.write('undoMerge', { patientId, why, by, atMs }),
    )
    output.out(`Taken back: ${restored.map((id) => `Patient/${id}`).join(' and ')}.`)
    return 0
  },
}
