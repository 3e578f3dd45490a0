/**
 * The two cookies of the desk. Source: RFC 6265bis (SameSite, the __Host- prefix), OWASP ASVS 5.0
 * V3.3. Both are HttpOnly: no script of ours or anyone else's reads them.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'

/** How long a sign-in link waits in its cookie between being opened and the button. */
const PENDING_S = 600
const PENDING = 'almoner-sign-in'
const PENDING_PATH = '/desk/sign-in'

/** A __Host- cookie must be Secure and for the whole host; over plain HTTP it cannot be set. */
const sessionName = (isSecure: boolean): string =>
  isSecure ? '__Host-almoner-session' : 'almoner-session'

export function setSession(
  reply: FastifyReply,
  secret: string,
  options: { readonly isSecure: boolean; readonly forMs: number },
): void {
  reply.setCookie(sessionName(options.isSecure), secret, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: options.isSecure,
    maxAge: Math.floor(options.forMs / 1000),
  })
}

export const readSession = (request: FastifyRequest, isSecure: boolean): string | undefined =>
  request.cookies[sessionName(isSecure)]

export function clearSession(reply: FastifyReply, isSecure: boolean): void {
  reply.clearCookie(sessionName(isSecure), {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: isSecure,
  })
}

/**
 * Keeps the secret of an opened link out of the address bar and history until the person presses
 * the button. Lax, not strict: a link in a mail arrives from another site.
 */
export function setPendingLink(reply: FastifyReply, secret: string, isSecure: boolean): void {
  reply.setCookie(PENDING, secret, {
    path: PENDING_PATH,
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure,
    maxAge: PENDING_S,
  })
}

export const readPendingLink = (request: FastifyRequest): string | undefined =>
  request.cookies[PENDING]

export const clearPendingLink = (reply: FastifyReply): void =>
  void reply.clearCookie(PENDING, { path: PENDING_PATH })
