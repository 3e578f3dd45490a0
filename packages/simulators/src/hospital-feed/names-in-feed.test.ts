import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CLERKS, CONSULTANTS, PRACTICES, RADIOLOGISTS } from './cast/trust.ts'
import { fixedDay } from './feed.ts'
import { namesInFeed } from './names-in-feed.ts'

const text = [
  'MSH|^~\\&|PAS|RZZ|TIE|RZZ|20260302||ADT^A40|1|P|2.4',
  'PID|1||9990000018^^^NHS~RV1^^^RZZ^MR||Ash\\T\\Rudd^Zoë^Mairéad^^Ms^^L~Ashe^Zo||||||12 Row^Ville^Town^Shire^ZZ99 3AA^GBR^H||01632 960001~^NET^Internet^a@example.org|^WPN^PH^^^^^^^^^020 7946 0001',
  'NK1|1|Kinn^Tom|1|9 Mews^^Town^^ZZ99 4BB|""',
  'MRG|RT1^^^RZZ^MR||||||UNKNOWN^FEMALE',
  'PV1|1|I|4B^BAY1|||C9900018^Marsden^Helen',
].join('\r')

describe('namesInFeed', () => {
  test('finds what tells of patients and their kin, decoded, and nothing of staff', () => {
    assert.deepEqual(namesInFeed([{ text }, { text }]), {
      names: ['Ash&Rudd', 'Zoë', 'Mairéad', 'Ashe', 'Zo', 'Kinn', 'Tom'],
      addressLines: ['12 Row', 'Ville', 'Town', '9 Mews'],
      postcodes: ['ZZ99 3AA', 'ZZ99 4BB'],
      phones: ['01632 960001', '020 7946 0001'],
      emails: ['a@example.org'],
      nhsNumbers: ['9990000018'],
      mrns: ['RV1', 'RT1'],
    })
  })

  test('names of patients are none of the staff, and long enough to search for', () => {
    const day = fixedDay({ seed: 1, startAtMs: Date.UTC(2026, 2, 2), organisation: 'RZZ' })
    const staff = [...CLERKS, ...CONSULTANTS, ...RADIOLOGISTS, ...PRACTICES.map((p) => p.partner)]
    const staffNames = staff.flatMap(({ family, given }) => [family, given])
    const found = namesInFeed(day)
    for (const name of found.names) {
      assert.ok(name.length >= 6, name)
      assert.ok(!staffNames.includes(name), name)
    }
    for (const list of Object.values(found)) assert.ok(list.length > 5)
  })
})
