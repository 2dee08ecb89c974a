import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Root of the repository: the program finds its pack from there. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const BINARY = process.env.YICI_BINARY ?? join(ROOT, 'target/debug/yici')
const START_MS = 300_000

/** The program with a demo city of its own. */
export interface Server {
  /** `http://127.0.0.1:PORT`. */
  url: string
  stop: () => Promise<void>
}

/** Starts the program on a free port, with two days of history, and waits until it answers. */
export async function startServer(database: 'sqlite' | 'postgres'): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'yici-e2e-'))
  const base = database === 'postgres' ? makeDatabase() : undefined
  // Tests may say from where they call: who guesses at codes there does not slow down the others.
  const args = ['serve', '--demo', '--demo-days', '2', '--listen', '127.0.0.1:0', '--trusted-proxy', '127.0.0.1', '--data', join(folder, 'data')]
  const program = spawn(BINARY, base ? [...args, '--database', base.url] : args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<void>((resolve) => program.once('exit', () => resolve()))
  const stop = async () => {
    program.kill('SIGTERM')
    await ended
    base?.drop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    return { url: await address(program), stop }
  } catch (cause) {
    await stop()
    throw cause
  }
}

function address(program: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const late = setTimeout(() => reject(new Error(`the program did not start:\n${said}`)), START_MS)
    const hear = (text: Buffer) => {
      said = (said + text.toString()).slice(-20_000)
      const url = /portal\s+(http:\/\/\S+?)\/?\s/.exec(said)?.[1]
      if (!url) return
      clearTimeout(late)
      resolve(url)
    }
    program.stdout?.on('data', hear)
    program.stderr?.on('data', hear)
    program.once('exit', (code) => reject(new Error(`the program ended with ${code}:\n${said}`)))
  })
}

function makeDatabase(): { url: string; drop: () => void } {
  const server = process.env.YICI_TEST_POSTGRES ?? ''
  const name = `yici_e2e_${randomBytes(4).toString('hex')}`
  const run = (words: string) => execFileSync('psql', [server, '--quiet', '--set', 'ON_ERROR_STOP=1', '--command', words])
  run(`CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => void run(`DROP DATABASE ${name} WITH (FORCE)`) }
}
