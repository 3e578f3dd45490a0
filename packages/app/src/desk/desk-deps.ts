/** What the desk's pages are given. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HttpDeps } from '../http/deps.ts'

export type DeskDeps = HttpDeps & {
  /** Whether browsers reach the desk over TLS: decides the kind of cookie. */
  readonly isSecure: boolean
  readonly softwareVersion: string
  readonly refuse: (
    request: FastifyRequest,
    code: string,
    outcome: 'refused' | 'failed',
  ) => Promise<void>
}

/** A desk with everything that its pages share. */
export type Desk = DeskDeps & {
  readonly render: (
    request: FastifyRequest,
    reply: FastifyReply,
    view: string,
    context: Readonly<Record<string, unknown>>,
  ) => FastifyReply
}

/** Operators look at messages to keep them moving; that is what the audit says. */
export const DESK_PURPOSE = 'operations'
