import { createRouter, createWebHistory, type RouteLocationNormalized, type Router } from 'vue-router'
import { loadSession, may, sessionLost, staff } from '@/shared/auth'
import { CASES } from '@/shared/auth/cases'
import { startPage } from './navigation'

declare module 'vue-router' {
  interface RouteMeta { title?: string; permissions?: readonly string[]; open?: boolean; bare?: boolean }
}

/** The pages of the workbench; each says which permission opens it. */
export function makeRouter(): Router {
  const router = createRouter({
    history: createWebHistory('/workbench'),
    routes: [
      { path: '/', component: () => import('./WelcomePage.vue') },
      { path: '/sign-in', component: () => import('@/features/identity/staff/views/SignInPage.vue'), meta: { title: '登录', open: true, bare: true } },
      { path: '/welcome', component: () => import('./WelcomePage.vue'), meta: { title: '欢迎' } },
      { path: '/tasks', component: () => import('@/features/casework/staff/views/InboxPage.vue'), meta: { title: '待办案件', permissions: CASES } },
      { path: '/search', component: () => import('@/features/casework/staff/views/SearchPage.vue'), meta: { title: '查找办件', permissions: ['case.view'] } },
      { path: '/cases/:id', component: () => import('@/features/casework/staff/views/CasePage.vue'), props: true, meta: { title: '办件', permissions: CASES } },
      { path: '/cases/:id/notices/:notice', component: () => import('@/features/casework/staff/views/NoticePage.vue'), props: true, meta: { title: '文书', permissions: CASES } },
      { path: '/counter', component: () => import('@/features/casework/staff/views/CounterPage.vue'), meta: { title: '一窗受理', permissions: ['case.accept'] } },
      { path: '/delivery', component: () => import('@/features/casework/staff/views/DeliveryPage.vue'), meta: { title: '出件送达', permissions: ['case.deliver'] } },
      { path: '/password-resets', component: () => import('@/features/identity/staff/views/PasswordResetPage.vue'), meta: { title: '重设群众密码', permissions: ['account.reset'] } },
      { path: '/account', component: () => import('@/features/identity/staff/views/AccountPage.vue'), meta: { title: '我的账号' } },
      { path: '/dashboard', component: () => import('@/features/insight/staff/views/DashboardPage.vue'), meta: { title: '运行数据', permissions: ['insight.view'] } },
      { path: '/ratings', component: () => import('@/features/voice/staff/views/RatingsPage.vue'), meta: { title: '群众评价', permissions: ['rating.view'] } },
      { path: '/staff', component: () => import('@/features/identity/staff/views/StaffPage.vue'), meta: { title: '人员岗位', permissions: ['staff.manage'] } },
      { path: '/jobs', component: () => import('@/features/operation/staff/views/JobsPage.vue'), meta: { title: '后台任务', permissions: ['job.manage'] } },
      { path: '/audit', component: () => import('@/features/operation/staff/views/AuditPage.vue'), meta: { title: '安全审计', permissions: ['audit.view'] } },
      { path: '/outbox', component: () => import('@/features/messages/staff/views/OutboxPage.vue'), meta: { title: '外发箱' } },
      { path: '/:rest(.*)*', component: () => import('./NotFoundPage.vue'), meta: { title: '没有这个页面' } }
    ],
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 }
  })
  router.beforeEach(guard)
  router.afterEach((to) => { document.title = `${to.meta.title ?? ''} | 人社经办工作台` })
  return router
}

/** Leads strangers to the sign-in page and back to where they wanted to go. */
async function guard(to: RouteLocationNormalized) {
  // The page waits for its session, whatever the back button says.
  if (sessionLost.value) return false
  try {
    await loadSession()
  } catch {
    return to.meta.open ? true : { path: '/sign-in', query: { to: to.fullPath } }
  }
  const signedIn = staff.value !== undefined
  if (!signedIn) return to.meta.open ? true : { path: '/sign-in', query: to.path === '/' ? {} : { to: to.fullPath } }
  const start = startPage(staff.value?.permissions ?? [])
  const isDoor = ['/', '/sign-in'].includes(to.path) || (to.path === '/welcome' && !to.query.refused)
  if (isDoor && to.path !== start) return start
  if (to.meta.permissions && !to.meta.permissions.some(may)) return { path: '/welcome', query: { refused: to.meta.title } }
  return true
}
