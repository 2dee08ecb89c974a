import { createApp } from 'vue'
import '@/shared/design/tokens.css'
import '@/shared/design/base.css'
import './portal.css'
import { setSurface } from '@/shared/api'
import PortalShell from './PortalShell.vue'
import { router } from './router'

setSurface('portal')
createApp(PortalShell).use(router).mount('#app')
