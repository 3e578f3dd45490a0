/**
 * Any thrown thing as one of our errors. What is not ours becomes a code without detail, so that
 * no stack trace, path or value leaves.
 */
import { type AlmonerError, isAlmonerError } from '@almoner/core'
import { APP_ERRORS } from '../app.errors.ts'

const BY_STATUS = new Map<number, keyof typeof APP_ERRORS.table>([
  [400, 'APP_BAD_REQUEST'],
  [404, 'APP_NOT_FOUND'],
  [405, 'APP_METHOD_NOT_ALLOWED'],
  [413, 'APP_BODY_TOO_LARGE'],
  [415, 'APP_UNSUPPORTED_MEDIA_TYPE'],
])

export function failureOf(thrown: unknown): AlmonerError {
  if (isAlmonerError(thrown)) return thrown
  const status =
    typeof thrown === 'object' && thrown !== null && 'statusCode' in thrown
      ? Number(thrown.statusCode)
      : 500
  const isClientFault = status >= 400 && status < 500
  const code = BY_STATUS.get(status) ?? (isClientFault ? 'APP_BAD_REQUEST' : 'APP_INTERNAL')
  return APP_ERRORS.error(code, { cause: thrown })
}

/**
 * Runs a read or write of the store. A failure without a code of ours means that the store itself
 * is not well; the caller learns only that nothing was disclosed.
 */
export async function fromStore<Value>(call: () => Promise<Value>): Promise<Value> {
  try {
    return await call()
  } catch (thrown) {
    if (isAlmonerError(thrown)) throw thrown
    throw APP_ERRORS.error('APP_STORE_UNAVAILABLE', { cause: thrown })
  }
}
