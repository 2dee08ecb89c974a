import { createApp, h } from 'vue'
import '@/shared/design/tokens.css'
import '@/shared/design/base.css'

createApp({ render: () => h('main', { id: 'main' }, h('h1', '人社经办工作台')) }).mount('#app')
