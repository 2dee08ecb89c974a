import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import Icons from 'unplugin-icons/vite'
import { defineConfig, type Connect, type Plugin } from 'vite'

/** History routing in development: every page address answers with the HTML entry it belongs to; a paper in a frame is no page. */
function historyFallback(): Plugin {
  const rewrite: Connect.NextHandleFunction = (request, _response, next) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    const isPage = request.headers.accept?.includes('text/html') && !/^\/api\/|\.[a-z0-9]+$/i.test(path)
    if (isPage) request.url = /^\/workbench(\/|$)/.test(path) ? '/workbench.html' : '/portal.html'
    next()
  }
  return {
    name: 'history-fallback',
    configureServer: (server) => void server.middlewares.use(rewrite),
    configurePreviewServer: (server) => void server.middlewares.use(rewrite)
  }
}

const backend = process.env.YICI_BACKEND ?? 'http://127.0.0.1:8080'

export default defineConfig({
  base: '/',
  appType: 'mpa',
  plugins: [vue(), Icons({ compiler: 'vue3', scale: 1 }), historyFallback()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { port: 5173, proxy: { '/api': backend } },
  preview: { proxy: { '/api': backend } },
  build: {
    target: ['chrome99', 'safari15', 'firefox100'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1200,
    rollupOptions: {
      input: { portal: 'portal.html', workbench: 'workbench.html' },
      output: {
        codeSplitting: {
          groups: [
            // One file that stays the same from one version to the next.
            { name: 'vue', test: /node_modules\/(@vue|vue|vue-router)\// },
            // All English words of an entry come at once, for those who choose them.
            { name: 'english', test: /locales\/(?:\w+\.en|en|plural)\.ts$/ }
          ]
        }
      }
    }
  }
})
