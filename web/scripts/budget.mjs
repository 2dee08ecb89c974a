// Compares what each entry loads first with its budget (gzip -9, KB = 1024 B). Run after `npm run build`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const dist = process.argv[2] ?? 'dist'
const BUDGETS = { portal: { js: 60, css: 8 }, workbench: { js: 80, css: 12 } }
const kilobytes = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length / 1024

/** The chunks that an entry needs before it shows anything. */
function firstLoad(entry) {
  const manifest = JSON.parse(readFileSync(join(dist, `.vite/${entry}.json`), 'utf8'))
  const seen = new Set()
  const walk = (name) => {
    if (seen.has(name)) return
    seen.add(name)
    manifest[name].imports?.forEach(walk)
  }
  walk(`${entry}.html`)
  const chunks = [...seen].map((name) => manifest[name])
  return { js: new Set(chunks.map((chunk) => chunk.file)), css: new Set(chunks.flatMap((chunk) => chunk.css ?? [])) }
}

let over = false
for (const [entry, budget] of Object.entries(BUDGETS)) {
  const load = firstLoad(entry)
  for (const kind of ['js', 'css']) {
    const size = [...load[kind]].reduce((sum, file) => sum + kilobytes(file), 0)
    const fits = size <= budget[kind]
    over ||= !fits
    console.log(`${entry.padEnd(16)} ${kind.padEnd(4)} ${size.toFixed(1).padStart(6)} KB  of ${budget[kind]} KB  ${fits ? 'ok' : 'OVER'}`)
  }
}
process.exitCode = over ? 1 : 0
