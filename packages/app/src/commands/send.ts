/** `almoner send`: an MLLP client that prints one acknowledgement per message. */
import { createLog, systemPorts } from '@almoner/core'
import { badUsage, type Command } from '../command.ts'
import { readMessages } from '../read-messages.ts'
