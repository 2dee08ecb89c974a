import { createApp, h } from 'vue'
import '@/shared/design/tokens.css'
import '@/shared/design/base.css'
import '@/shared/ui'
import '@/shared/auth'
import '@/shared/live'
import '@/shared/format'
createApp({ render: () => h('main', 'x') }).mount('#app')
