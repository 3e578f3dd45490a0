import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestServer, type TestServer } from '../http/testing/test-server.ts'
import { browserModule, loadAssets, neutralCss } from './assets.ts'

let server: TestServer
before(async () => {
  server = await startTestServer()
})
after(async () => server.app.close())

describe('the style sheet', () => {
  test('asks for no font and nothing from elsewhere', () => {
    const css = loadAssets().files.get('nhsuk.css')?.body ?? ''
    assert.ok(css.length > 100_000)
    assert.doesNotMatch(css, /@font-face|Frutiger|https?:\/\/(?!www\.w3\.org)/)
  })

  test('keeps the rules around what is taken out', () => {
    assert.equal(
      neutralCss('a{b:c}@font-face{x:y}body{font-family:Frutiger W01,arial,sans-serif}'),
      'a{b:c}body{font-family:arial,sans-serif}',
    )
  })
})

describe('browser modules', () => {
  test('lose their types and find their siblings', () => {
    assert.equal(
      browserModule("import { a } from './b-c.ts'\nconst x: number = a as number\n").replace(
        / +/g,
        ' ',
      ),
      "import { a } from './b-c.js'\nconst x = a \n",
    )
  })

  test('are served without a session, to be kept for ever, under a hash', async () => {
    const { path, files } = loadAssets()
    assert.deepEqual([...files.keys()].toSorted(), [
      'desk.css',
      'linked-sides.js',
      'live.js',
      'mark.svg',
      'nhsuk.css',
      'nhsuk.js',
    ])
    for (const name of files.keys()) {
      const response = await server.app.inject(`${path}/${name}`)
      assert.equal(response.statusCode, 200, name)
      assert.equal(response.headers['cache-control'], 'public, max-age=31536000, immutable')
    }
  })

  for (const path of ['/desk/assets/0000000000000000/desk.css', '/desk/assets/x/..%2fassets.ts']) {
    test(`do not include ${path}`, async () => {
      assert.equal((await server.app.inject(path)).statusCode, 404)
    })
  }
})
