import { createApp } from 'vue'
import '@/shared/design/tokens.css'
import '@/shared/design/base.css'
import './workbench.css'
import { setSurface } from '@/shared/api'
import { restoreLang } from '@/shared/locales'
import { makeRouter } from './router'
import WorkbenchApp from './WorkbenchApp.vue'

setSurface('workbench')
// Whoever has chosen English never sees the Chinese page first; without its words the page stays Chinese.
void restoreLang().catch(() => undefined).then(() => createApp(WorkbenchApp).use(makeRouter()).mount('#app'))
