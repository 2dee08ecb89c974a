import { nextTick } from 'vue'
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { citizen, loadSession, sessionLost } from '@/shared/auth'
import HomeView from '@/features/catalog/views/HomeView.vue'
import { t } from './locales'

declare module 'vue-router' {
  interface RouteMeta { title?: string; signedIn?: boolean }
}

const routes: RouteRecordRaw[] = [
  { path: '/', component: HomeView, meta: { title: '首页' } },
  { path: '/items', component: () => import('@/features/catalog/views/ItemsView.vue'), meta: { title: '办事' } },
  { path: '/items/:code', component: () => import('@/features/catalog/views/GuideView.vue'), meta: { title: '办事指南' } },
  { path: '/items/:code/apply', component: () => import('@/features/casework/views/StartView.vue'), meta: { title: '办事', signedIn: true } },
  { path: '/apply/:id', component: () => import('@/features/casework/views/ApplyView.vue'), meta: { title: '填写申请', signedIn: true } },
  { path: '/cases', component: () => import('@/features/casework/views/MyCasesView.vue'), meta: { title: '我的办件', signedIn: true } },
  { path: '/cases/:id', component: () => import('@/features/casework/views/CaseView.vue'), meta: { title: '办件', signedIn: true } },
  { path: '/cases/:id/submitted', component: () => import('@/features/casework/views/SubmittedView.vue'), meta: { title: '提交好了', signedIn: true } },
  { path: '/cases/:id/notices/:notice', component: () => import('@/features/casework/views/NoticeView.vue'), meta: { title: '文书', signedIn: true } },
  { path: '/cases/:id/rate', component: () => import('@/features/voice/views/RateView.vue'), meta: { title: '评价', signedIn: true } },
  { path: '/progress', component: () => import('@/features/casework/views/ProgressView.vue'), meta: { title: '凭编号查进度' } },
  { path: '/messages', component: () => import('@/features/messages/views/MessagesView.vue'), meta: { title: '消息', signedIn: true } },
  { path: '/account', component: () => import('@/features/identity/views/AccountView.vue'), meta: { title: '我的账户', signedIn: true } },
  { path: '/agents', component: () => import('@/features/identity/views/AgentsView.vue'), meta: { title: '单位经办人', signedIn: true } },
  { path: '/sign-in', component: () => import('@/features/identity/views/SignInView.vue'), meta: { title: '登录' } },
  { path: '/sign-up', component: () => import('@/features/identity/views/SignUpView.vue'), meta: { title: '注册' } },
  { path: '/accessibility', component: () => import('./views/AccessibilityView.vue'), meta: { title: '无障碍说明' } },
  { path: '/:path(.*)*', component: () => import('./views/NotFoundView.vue'), meta: { title: '没有这个页面' } }
]

export const router = createRouter({
  history: createWebHistory('/'),
  routes,
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 })
})

router.beforeEach(async (to) => {
  // The page waits for its session, whatever the back button says.
  if (sessionLost.value) return false
  await loadSession().catch(() => undefined)
  if (to.meta.signedIn && !citizen.value) return { path: '/sign-in', query: { next: to.fullPath } }
  return true
})

router.afterEach((to, from) => {
  document.title = `${to.meta.title ?? ''} - ${t.siteName}`
  if (from.matched.length && to.path !== from.path) {
    void nextTick(() => document.getElementById('main')?.focus({ preventScroll: true }))
  }
})
