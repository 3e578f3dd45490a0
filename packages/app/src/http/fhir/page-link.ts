/**
 * The state of a search, sealed into a link. Nothing is kept on the server, so a next link works
 * for as long as the caller's token does, also after a restart and on another node. It is sealed
 * because criteria are patient data and links end up in logs and histories. The key comes from
 * the caller's own token: whoever opens a link could have asked the same question.
 */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import type { Random } from '@almoner/core'
import { isObject, type ResourceType } from '@almoner/fhir'
import { APP_ERRORS } from '../../app.errors.ts'

export type PageState = {
  /** Search parameters as they were given; whoever opens them parses them again. */
  readonly parameters: readonly (readonly [name: string, value: string])[]
  /** The page starts after this id; undefined for the first page. */
  readonly afterId: string | undefined
}

/** For whom and what a link is: it opens only for the same token and type. */
export type PageKey = { readonly type: ResourceType; readonly token: string }

const NONCE_BYTES = 12
const TAG_BYTES = 16

const cipherKey = ({ type, token }: PageKey): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', token, '', `almoner page link 1 ${type}`, 32))

export function sealPage(random: Random, state: PageState, key: PageKey): string {
  const nonce = random.bytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', cipherKey(key), nonce)
  const body = Buffer.concat([cipher.update(JSON.stringify(state), 'utf8'), cipher.final()])
  return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url')
}

/** Throws APP_BAD_PARAMETER when the link was not sealed for this token and type. */
export function openPage(sealed: string, key: PageKey): PageState {
  const state = readState(unseal(sealed, key))
  if (state === undefined) throw badPage()
  return state
}

const badPage = (cause?: unknown): Error =>
  APP_ERRORS.error('APP_BAD_PARAMETER', { where: 'parameter _page', cause })

function unseal(sealed: string, key: PageKey): unknown {
  const bytes = Buffer.from(sealed, 'base64url')
  if (bytes.length <= NONCE_BYTES + TAG_BYTES) throw badPage()
  try {
    const nonce = bytes.subarray(0, NONCE_BYTES)
    const decipher = createDecipheriv('aes-256-gcm', cipherKey(key), nonce)
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
    const body = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
    return JSON.parse(Buffer.concat([body, decipher.final()]).toString('utf8'))
  } catch (cause) {
    throw badPage(cause)
  }
}

function readState(value: unknown): PageState | undefined {
  if (!isObject(value) || !Array.isArray(value['parameters'])) return undefined
  const parameters = value['parameters'].filter(
    (one: unknown): one is [string, string] =>
      Array.isArray(one) && typeof one[0] === 'string' && typeof one[1] === 'string',
  )
  const { afterId } = value
  if (afterId === undefined) return { parameters, afterId }
  const isId = typeof afterId === 'string' && /^[A-Za-z0-9.-]{1,64}$/.test(afterId)
  return isId ? { parameters, afterId } : undefined
}
