import { createApp } from 'vue'
import '@/shared/design/tokens.css'
import '@/shared/design/base.css'
import './portal.css'
import { setSurface } from '@/shared/api'
import { restoreLang } from '@/shared/locales'
import PortalShell from './PortalShell.vue'
import { router } from './router'

setSurface('portal')
// Whoever has chosen English never sees the Chinese page first; without its words the page stays Chinese.
void restoreLang().catch(() => undefined).then(() => createApp(PortalShell).use(router).mount('#app'))
