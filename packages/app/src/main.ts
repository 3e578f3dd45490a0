/** The command line: `almoner <command>`. Composition starts here and nowhere else. */
import { enableCompileCache } from 'node:module'

enableCompileCache()
const { runCommandLine } = await import('./command-line.ts')

// Whoever reads our output may stop when it has seen enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await runCommandLine(process.argv.slice(2), {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
})
