// Builds each entry by itself: what the workbench needs of a shared library never reaches the portal.
import { build } from 'vite'

const ENTRIES = ['portal', 'workbench']

for (const [at, entry] of ENTRIES.entries()) {
  await build({
    logLevel: 'warn',
    build: { emptyOutDir: at === 0, manifest: `.vite/${entry}.json`, rollupOptions: { input: `${entry}.html` } }
  })
}

// The style of the guides that the server draws.
await build({ logLevel: 'warn', build: { emptyOutDir: false, manifest: '.vite/guide.json', rollupOptions: { input: 'src/guide/guide.css' } } })
