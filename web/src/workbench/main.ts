import { createApp } from 'vue'
import '@/shared/design/tokens.css'
import '@/shared/design/base.css'
import './workbench.css'
import { setSurface } from '@/shared/api'
import { makeRouter } from './router'
import WorkbenchApp from './WorkbenchApp.vue'

setSurface('workbench')
createApp(WorkbenchApp).use(makeRouter()).mount('#app')
