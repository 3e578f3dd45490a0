import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { find, forEachLeaf, formatLeaf, type Message, parseMessage } from './index.ts'

type Leaf = { readonly path: string; readonly text: string }

function leavesOf(message: Message): readonly Leaf[] {
  const leaves: Leaf[] = []
  forEachLeaf(message, (start, end, ...place) => {
    leaves.push({ path: formatLeaf(message, ...place), text: message.text.slice(start, end) })
  })
  return leaves
}

const pathsOf = (text: string): readonly string[] =>
  leavesOf(parseMessage(text)).map(({ path, text: value }) => `${path}=${value}`)

describe('leaves', () => {
  test('are the deepest populated pieces, with the shortest path', () => {
    const text = [
      'MSH|^~\\&|PAS||LAB^2.16^ISO',
      'PID|1||900^^^NHS&2.16&ISO^NH~A12||Smith^Jane||""|2',
      'OBX|1||||a&b',
      'OBX|2|NM|||7.1~7.2',
      '',
    ].join('\r')
    assert.deepEqual(pathsOf(text), [
      'MSH-1=|',
      'MSH-2=^~\\&',
      'MSH-3=PAS',
      'MSH-5.1=LAB',
      'MSH-5.2=2.16',
      'MSH-5.3=ISO',
      'PID-1=1',
      'PID-3.1=900',
      'PID-3.4.1=NHS',
      'PID-3.4.2=2.16',
      'PID-3.4.3=ISO',
      'PID-3.5=NH',
      'PID-3[2]=A12',
      'PID-5.1=Smith',
      'PID-5.2=Jane',
      'PID-7=""',
      'PID-8=2',
      'OBX-1=1',
      'OBX-5.1.1=a',
      'OBX-5.1.2=b',
      'OBX[2]-1=2',
      'OBX[2]-2=NM',
      'OBX[2]-5=7.1',
      'OBX[2]-5[2]=7.2',
    ])
  })

  test('of a line without a segment name start with what stands in its place', () => {
    const text = 'MSH|^~\\&\rNTE|1||the first\rJane Smith^left|F\rMRI\rZZZ\rPV2\rabc\r'
    assert.deepEqual(pathsOf(text), [
      'MSH-1=|',
      'MSH-2=^~\\&',
      'NTE-1=1',
      'NTE-3=the first',
      '???-0.1=Jane Smith',
      '???-0.2=left',
      '???-1=F',
      '???[2]-0=MRI',
      '???[3]-0=abc',
    ])
  })

  test('of a header without MSH-2 are its separator and its fields', () => {
    assert.deepEqual(pathsOf('MSH||PAS^x\r'), ['MSH-1=|', 'MSH-3=PAS^x'])
    assert.deepEqual(pathsOf('MSH|\r'), ['MSH-1=|'])
  })

  test('have paths in linear time, however many of them one field holds', () => {
    for (const delimiter of ['~', '^', '&', '|']) {
      const message = parseMessage(`MSH|^~\\&|A\rOBX|${`1${delimiter}`.repeat(200_000)}\r`)
      let last = ''
      forEachLeaf(message, (_start, _end, ...place) => {
        last = formatLeaf(message, ...place)
      })
      assert.match(last, /200000/)
    }
  })

  test('have the same path in whatever order one asks', () => {
    const message = parseMessage('MSH|^~\\&|A\rPID|a^b&c~d|e~~f|\rPID|g|h^i\r')
    const asked: (() => string)[] = []
    const inOrder: string[] = []
    forEachLeaf(message, (_start, _end, ...place) => {
      asked.push(() => formatLeaf(message, ...place))
      inOrder.push(formatLeaf(message, ...place))
    })
    assert.deepEqual(
      asked.toReversed().map((ask) => ask()),
      inOrder.toReversed(),
    )
  })

  const line = fc.string({
    unit: fc.constantFrom(...'|||^^~~&&\\ ab"1é\0', 'PID', 'OBX|', 'MRI'),
    maxLength: 40,
  })
  const texts = fc
    .tuple(
      fc.constantFrom('MSH|^~\\&|', 'MSH|^~\\&#|', 'MSH|^~|', 'MSH|^|', 'MSH||', 'MSH|~&^\\|'),
      fc.array(line, { maxLength: 8 }),
    )
    .map(([header, lines]) => `${header}A\r${lines.join('\r')}\r`)

  test('are what their paths find', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const message = parseMessage(text)
        forEachLeaf(message, (start, end, ...place) => {
          assert.deepEqual(find(message, formatLeaf(message, ...place)), { start, end })
        })
      }),
      { numRuns: 500 },
    )
  })

  test('cover every character that is no delimiter, name or line end, once and in order', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const message = parseMessage(text)
        const isCovered = new Uint8Array(text.length)
        let last = 0
        forEachLeaf(message, (start, end) => {
          assert.ok(start >= last && end > start)
          isCovered.fill(1, start, end)
          last = end
        })
        const { field, component, repetition, subcomponent } = message.delimiters
        for (const segment of message.segments.slice(1)) {
          const isNamed = /^(PID|OBX)$/.test(segment.name) || segment.name.length === 3
          for (let at = segment.start + (isNamed ? 3 : 0); at < segment.end; at++) {
            const isDelimiter = [field, component, repetition, subcomponent].includes(text[at]!)
            assert.equal(isCovered[at] === 1, !isDelimiter, `character ${at}`)
          }
        }
      }),
      { numRuns: 500 },
    )
  })
})
