// Generates the types of the API from ../openapi.json. With `--check` it only compares them with those committed.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@hey-api/openapi-ts'

const COMMITTED = 'src/shared/api/generated'
const check = process.argv.includes('--check')
const folder = check ? mkdtempSync(join(tmpdir(), 'yici-api-')) : COMMITTED

await createClient({
  input: '../openapi.json',
  output: { path: folder, clean: true, entryFile: false },
  plugins: ['@hey-api/typescript'],
  logs: { level: 'warn' }
})

if (check) {
  const files = new Set([...readdirSync(folder), ...readdirSync(COMMITTED)])
  const other = [...files].filter((file) => read(folder, file) !== read(COMMITTED, file))
  rmSync(folder, { recursive: true })
  if (other.length) {
    console.error(`${COMMITTED} differs from openapi.json in ${other.join(', ')}: run \`cargo xtask api\``)
    process.exitCode = 1
  }
}

function read(path, file) {
  try {
    return readFileSync(join(path, file), 'utf8')
  } catch {
    return undefined
  }
}
