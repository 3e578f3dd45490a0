/**
 * Styles and browser modules, read and prepared once at start. The folder of their addresses
 * carries a hash of all of them, so a browser may keep them for ever and never mixes versions.
 * Fonts and marks that are licensed for NHS services only are taken out.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { APP_ERRORS } from '../app.errors.ts'

type Asset = { readonly type: string; readonly body: string }

export type Assets = {
  /** Address of the folder: `/desk/assets/3f2a…`. */
  readonly path: string
  readonly files: ReadonlyMap<string, Asset>
}

/** Folder of the nhsuk-frontend package that holds templates, styles and scripts. */
export const NHSUK_DIST = join(
  dirname(createRequire(import.meta.url).resolve('nhsuk-frontend/package.json')),
  'dist',
)

/** In the order in which they build on each other. */
const STYLES = ['./styles/frame.css', './styles/lists.css', './styles/both-sides.css']

const CSS = 'text/css; charset=utf-8'
const JS = 'text/javascript; charset=utf-8'

export function loadAssets(): Assets {
  const files = new Map<string, Asset>([
    ['nhsuk.css', { type: CSS, body: neutralCss(readNhsuk('nhsuk-frontend.min.css')) }],
    ['nhsuk.js', { type: JS, body: withoutSourceMap(readNhsuk('nhsuk-frontend.min.js')) }],
    ['desk.css', { type: CSS, body: STYLES.map(read).join('\n') }],
    ['mark.svg', { type: 'image/svg+xml', body: read('./styles/mark.svg') }],
  ])
  for (const name of readdirSync(new URL('./browser/', import.meta.url))) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue
    const body = browserModule(read(`./browser/${name}`))
    files.set(name.replace(/\.ts$/, '.js'), { type: JS, body })
  }
  const hash = createHash('sha256')
  for (const [name, { body }] of files) hash.update(`${name}\0${body}\0`)
  return { path: `/desk/assets/${hash.digest('hex').slice(0, 16)}`, files }
}

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const readNhsuk = (name: string): string => readFileSync(join(NHSUK_DIST, 'nhsuk', name), 'utf8')
const withoutSourceMap = (text: string): string => text.replace(/\/[/*]# sourceMappingURL=.*/g, '')

/** Types out, and imports of sibling modules by the names under which they are served. */
export const browserModule = (source: string): string =>
  withoutWarning(() => stripTypeScriptTypes(source)).replace(
    /(from\s+'\.\/[a-z-]+)\.ts'/g,
    "$1.js'",
  )

/** Node says once that stripping is experimental; its version is pinned, so nobody needs to hear. */
function withoutWarning<Value>(call: () => Value): Value {
  const emit = process.emitWarning
  process.emitWarning = () => undefined
  try {
    return call()
  } finally {
    process.emitWarning = emit
  }
}

/** The style sheet without the Frutiger font and without addresses outside the desk. */
export function neutralCss(css: string): string {
  return withoutSourceMap(css)
    .replace(/@font-face\s*\{[^}]*\}/g, '')
    .replace(/font-family:\s*Frutiger W01\s*,\s*/g, 'font-family:')
}

export function serveAssets(app: FastifyInstance, assets: Assets): void {
  app.get<{ Params: { hash: string; name: string } }>(
    '/assets/:hash/:name',
    async (request, reply) => {
      const { hash, name } = request.params
      const asset = assets.path.endsWith(`/${hash}`) ? assets.files.get(name) : undefined
      if (asset === undefined) throw APP_ERRORS.error('APP_NOT_FOUND')
      return reply
        .header('cache-control', 'public, max-age=31536000, immutable')
        .type(asset.type)
        .send(asset.body)
    },
  )
}
